package io.bytelm.canonical;

import io.bytelm.beam.Lookahead;

/**
 * Known bytes that a tree is about to read one after the other.
 *
 * @param bytes not to be changed; those after {@code to} are known too
 * @param from the first one to read
 * @param to one past the last
 * @param rows whether the distribution over the next symbol is wanted after each of them
 */
public record KnownStretch(byte[] bytes, int from, int to, boolean rows) {
    /** @throws IndexOutOfBoundsException if the bytes do not have such a stretch */
    public KnownStretch {
        if (from < 0 || to < from || to > bytes.length) {
            throw new IndexOutOfBoundsException(
                    "bytes " + from + " to " + to + " of a text of " + bytes.length + " bytes");
        }
    }

    /** All of them, as seen from before the first. */
    Lookahead lookahead() {
        return new Lookahead(bytes, from, rows);
    }
}
