package io.bytelm.session;

import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one input record does to its session; state and outputs are committed together.
 *
 * @param state the session's next state; null if nothing is left of it
 * @param outputs in the order of their emission
 * @param goesOn whether this is only a part of what the record does: it stays in flight and goes to the logic again, with
 *     {@code state}, after other sessions had their turn. So long work is committed in pieces, and a restore goes on from
 *     the last one
 * @param skippedBytes how many bytes were left out on the way
 */
public record Transition<S>(@Nullable S state, List<OutputRecord> outputs, boolean goesOn, long skippedBytes) {
    /** The record has had all of its effect. */
    public Transition(@Nullable S state, List<OutputRecord> outputs) {
        this(state, outputs, false, 0);
    }

    /** A part of the effect; the same record comes again, with this state. */
    static <S> Transition<S> goingOn(S state, List<OutputRecord> outputs) {
        return new Transition<>(state, outputs, true, 0);
    }

    /** The same, with so many bytes left out. */
    Transition<S> skipping(long bytes) {
        return bytes == 0 ? this : new Transition<>(state, outputs, goesOn, skippedBytes + bytes);
    }

    /** The record cannot be processed, and leaves the session in this state, as it is. */
    static <S> Transition<S> refused(@Nullable S state, DeadLetter letter) {
        return new Transition<>(state, List.of(letter), false, 0);
    }

    /** The same, and this is said before all else. */
    Transition<S> after(OutputRecord first) {
        List<OutputRecord> all = new ArrayList<>(List.of(first));
        all.addAll(outputs);
        return new Transition<>(state, Collections.unmodifiableList(all), goesOn, skippedBytes);
    }

    /** What comes of the next part of the same record's effect too. */
    Transition<S> followedBy(Transition<S> next) {
        List<OutputRecord> all = new ArrayList<>(outputs);
        all.addAll(next.outputs);
        return new Transition<>(
                next.state, Collections.unmodifiableList(all), next.goesOn, skippedBytes + next.skippedBytes);
    }

    /** The record's session has ended, though its bytes could not be read. */
    Transition<S> butRefused(DeadLetter letter) {
        return followedBy(refused(state, letter));
    }

    /** Whether the record was not processed: then its number does not count, and it may be sent again. */
    boolean isRefusal() {
        return outputs.stream().anyMatch(DeadLetter.class::isInstance);
    }
}
