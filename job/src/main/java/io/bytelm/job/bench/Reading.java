package io.bytelm.job.bench;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;

/**
 * A text on its way through a beam.
 *
 * @param beam after the bytes read; it is alive
 * @param bytesRead how many those are
 * @param deadEnd the next byte would leave the beam without a hypothesis
 */
record Reading(Beam beam, int bytesRead, boolean deadEnd) {
    /** All bytes are known from the beginning. Stops early when the time is over. */
    static Step<Reading> whole(Beam start, byte[] text, Deadline deadline) {
        return Step.loop(
                new Reading(start, 0, false),
                reading -> reading.goesOn(text, deadline),
                reading -> reading.advance(Lookahead.of(text, reading.bytesRead)));
    }

    /** Each byte becomes known after the answer to the byte before. Stops early when the time is over. */
    static Step<Reading> byteByByte(Beam start, byte[] text, Deadline deadline) {
        return Step.loop(
                new Reading(start, 0, false),
                reading -> reading.goesOn(text, deadline),
                reading -> reading.advance(Lookahead.of(new byte[] {text[reading.bytesRead]}, 0)));
    }

    private boolean goesOn(byte[] text, Deadline deadline) {
        return bytesRead < text.length && !deadEnd && !deadline.isOver();
    }

    /** One byte, the first of those that are known. */
    Step<Reading> advance(Lookahead known) {
        return beam.prune()
                .advance(known)
                .map(next -> next.logZ() == Double.NEGATIVE_INFINITY
                        ? new Reading(beam, bytesRead, true)
                        : new Reading(next, bytesRead + 1, false));
    }
}
