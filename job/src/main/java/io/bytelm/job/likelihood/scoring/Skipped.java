package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.DeadEndKind;
import org.jspecify.annotations.Nullable;

/**
 * What of the bytes that count was left out.
 *
 * @param bytes how many
 * @param deadEnds how often no way to read the text went on; bytes left out one after the other are one dead end
 * @param last the dead end at the last byte; null if that was read without one
 */
record Skipped(int bytes, int deadEnds, @Nullable DeadEndKind last) {
    static final Skipped NOTHING = new Skipped(0, 0, null);

    Skipped after(DeadEndKind kind) {
        boolean isSame = kind.leavesOut() && last != null && last.leavesOut();
        return new Skipped(bytes + (kind.leavesOut() ? 1 : 0), deadEnds + (isSame ? 0 : 1), kind);
    }

    Skipped afterReading() {
        return last == null ? this : new Skipped(bytes, deadEnds, null);
    }

    /** The same counts of none: what came before does not count. */
    Skipped counting() {
        return new Skipped(0, 0, last == DeadEndKind.NO_WAY ? last : null);
    }

    /** Whether the last byte was left out though tokens have it. */
    boolean isStuck() {
        return last == DeadEndKind.NO_WAY;
    }
}
