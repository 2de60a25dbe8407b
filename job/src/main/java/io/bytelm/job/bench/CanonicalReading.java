package io.bytelm.job.bench;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.KnownStretch;
import io.bytelm.canonical.ToldAhead;

/**
 * A text on its way through a canonical tree, the sum of which is wanted at each byte.
 *
 * @param tree after the bytes read; dead if no canonical text begins with them
 * @param bytesRead how many those are
 */
record CanonicalReading(CanonicalTree tree, int bytesRead) {
    private static final int STRETCH_BYTES = 1024;
    private static final int REQUESTS_AT_ONCE = 512;

    /** All bytes are known from the beginning. Stops early when the time is over. */
    static Step<CanonicalReading> whole(CanonicalTree start, byte[] text, Deadline deadline) {
        return Step.loop(
                new CanonicalReading(start, 0),
                reading -> reading.goesOn(text.length, deadline),
                reading -> reading.stretch(text, Math.min(text.length, reading.bytesRead + STRETCH_BYTES), deadline));
    }

    /** Each byte becomes known after the answer to the byte before. Stops early when the time is over. */
    static Step<CanonicalReading> byteByByte(CanonicalTree start, byte[] text, Deadline deadline) {
        return Step.loop(
                new CanonicalReading(start, 0),
                reading -> reading.goesOn(text.length, deadline),
                reading -> new CanonicalReading(reading.tree, 0)
                        .stretch(new byte[] {text[reading.bytesRead]}, 1, deadline)
                        .map(next -> new CanonicalReading(next.tree, reading.bytesRead + 1)));
    }

    private boolean goesOn(int to, Deadline deadline) {
        return bytesRead < to && !tree.isDead() && !deadline.isOver();
    }

    private Step<CanonicalReading> stretch(byte[] text, int to, Deadline deadline) {
        return tree.toldAhead(new KnownStretch(text, bytesRead, to, false), REQUESTS_AT_ONCE)
                .then(told -> Step.loop(
                        this, reading -> reading.goesOn(to, deadline), reading -> reading.advance(text, told)));
    }

    private Step<CanonicalReading> advance(byte[] text, ToldAhead told) {
        return told.advance(tree, Lookahead.of(text, bytesRead)).map(next -> new CanonicalReading(next, bytesRead + 1));
    }
}
