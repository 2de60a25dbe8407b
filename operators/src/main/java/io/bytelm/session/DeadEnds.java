package io.bytelm.session;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ReadOn;
import io.bytelm.beam.Step;
import io.bytelm.record.LeftOut;
import io.bytelm.vocab.ByteCoverage;

/**
 * How a text is read on through dead ends. What comes of it depends on no more than the reader and the byte, so a text may
 * be cut anywhere, into records as into pieces.
 *
 * @param tokens which bytes the tokens of the vocabulary have
 */
record DeadEnds(ByteCoverage tokens) {
    /**
     * How far a text of which nothing is told was read.
     *
     * @param at how many bytes
     */
    record Through(TextReader reader, int at, LeftOut leftOut) {}

    /** Reads bytes from {@code from.at} up to {@code to}. */
    Step<Through> read(byte[] bytes, int to, Through from) {
        return Step.loop(from, through -> through.at < to, through -> readMore(bytes, to, through));
    }

    private Step<Through> readMore(byte[] bytes, int to, Through before) {
        int hopeless = hopelessFrom(bytes, before.at, to, before.reader);
        return hopeless == before.at
                ? readOn(before.reader, before.leftOut, bytes[before.at]).map(on -> after(before, on))
                : before.reader
                        .read(bytes, before.at, hopeless)
                        .then(read -> isDead(read)
                                ? Step.loop(before, through -> through.at < hopeless, t -> readOne(bytes, t))
                                : Step.done(new Through(read, hopeless, before.leftOut.afterReading())));
    }

    private Step<Through> readOne(byte[] bytes, Through before) {
        return before.reader
                .advance(Lookahead.of(bytes, before.at))
                .then(read -> isDead(read)
                        ? readOn(before.reader, before.leftOut, bytes[before.at])
                                .map(on -> after(before, on))
                        : Step.done(new Through(read, before.at + 1, before.leftOut.afterReading())));
    }

    private static Through after(Through before, ReadOn<TextReader> on) {
        return new Through(on.reader(), before.at + 1, before.leftOut.after(on.kind()));
    }

    /** The first of the bytes that no token has; {@code to} if there is none. */
    int hopelessFrom(byte[] bytes, int from, int to, TextReader reader) {
        int at = from;
        while (at < to && !isHopeless(reader, bytes[at])) {
            at++;
        }
        return at;
    }

    /** Whether no token that the reader reads with has the byte. */
    boolean isHopeless(TextReader reader, byte b) {
        return !reader.tokens(tokens).has(Byte.toUnsignedInt(b));
    }

    /** Reads on, with a byte or without it, where the reader has found no way to. */
    Step<ReadOn<TextReader>> readOn(TextReader reader, LeftOut before, byte b) {
        return reader.readOn(Byte.toUnsignedInt(b), before.isStuck(), tokens);
    }

    static boolean isDead(TextReader reader) {
        return reader.logProb() == Double.NEGATIVE_INFINITY;
    }
}
