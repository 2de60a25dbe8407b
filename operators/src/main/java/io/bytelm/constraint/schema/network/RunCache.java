package io.bytelm.constraint.schema.network;

import org.jspecify.annotations.Nullable;

/** The runs of one string program by state, so that most steps make none. Any thread may use it. */
final class RunCache {
    private final @Nullable StringRun[] runs;

    RunCache(int states) {
        runs = new StringRun[states];
    }

    /** The run in another state of the same alternative. */
    StringRun at(int state, StringRun current) {
        if (current.slot != 0) {
            return current.inState(state);
        }
        StringRun known = runs[state]; // a race makes two equal runs at worst: all their fields are final
        if (known == null) {
            known = current.inState(state);
            runs[state] = known;
        }
        return known;
    }
}
