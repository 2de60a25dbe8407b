package io.bytelm.beam;

import java.util.Arrays;

/**
 * The bytes that are known to come. They never change a result: a request that knows them serves a hypothesis for a
 * whole token instead of one byte.
 *
 * @param bytes the text; not to be changed
 * @param at the index of the next byte in {@code bytes}; {@code bytes.length} if none is known
 * @param rows whether next-byte distributions will be wanted along these bytes, so that requests ask for them too
 */
public record Lookahead(byte[] bytes, int at, boolean rows) {
    /** No byte is known. */
    public static final Lookahead NONE = new Lookahead(new byte[0], 0, false);

    /** How many known bytes a request carries at most; few tokens are longer, and those are asked for again. */
    static final int MAX_BYTES = 64;

    /** @throws IndexOutOfBoundsException if {@code at} lies outside of {@code bytes} */
    public Lookahead {
        if (at < 0 || at > bytes.length) {
            throw new IndexOutOfBoundsException("byte " + at + " of a text of " + bytes.length + " bytes");
        }
    }

    /** The bytes from {@code bytes[at]} on, without distributions. */
    public static Lookahead of(byte[] bytes, int at) {
        return new Lookahead(bytes, at, false);
    }

    /** The same bytes, and distributions will be wanted along them. */
    public Lookahead withRows() {
        return new Lookahead(bytes, at, true);
    }

    boolean isEmpty() {
        return at == bytes.length;
    }

    /** The next byte, 0 to 255. */
    int first() {
        return bytes[at] & 0xFF;
    }

    /** These bytes and then the known ones. */
    byte[] after(byte[] partial) {
        int count = Math.min(bytes.length - at, MAX_BYTES);
        byte[] path = Arrays.copyOf(partial, partial.length + count);
        System.arraycopy(bytes, at, path, partial.length, count);
        return path;
    }
}
