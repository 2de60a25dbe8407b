package io.bytelm.candidate;

import io.bytelm.beam.Step;

/** A text as it has been read, which can be gone on with in several ways. Immutable. */
public interface Continuation {
    /**
     * Reads the bytes from {@code from} up to {@code to}, or up to where no way to read them is left.
     *
     * @param bytes those after {@code to} are likely to come, which saves requests and changes no result; not to be changed
     */
    Step<Continuation> read(byte[] bytes, int from, int to);

    /** The log probability (nats) of all bytes so far; {@code -Infinity} if no way to read them is left. */
    double logProb();

    /** How probable it is that the text ends here. */
    Step<TextEnd> end();

    /** How many requests it makes together, about. */
    int width();

    /** The longest context, in tokens, that any number was computed from. */
    int longestContext();

    /**
     * The end of a text.
     *
     * @param logProb log P (nats) that it comes after the bytes so far
     * @param longestContext as {@link Continuation#longestContext}, this number included
     */
    record TextEnd(double logProb, int longestContext) {}
}
