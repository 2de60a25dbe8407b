package io.bytelm.constraint;

/**
 * A compiled constraint: a set of byte strings, at least one, that a decoding session may produce. Immutable and shared
 * by all threads; the position of one session is a {@link Cursor}.
 */
public interface Constraint {
    /** The position before the first byte. */
    Cursor start();

    /**
     * The position that {@link Cursor#save} wrote down.
     *
     * @throws IllegalArgumentException if these bytes are not a position of this constraint; compare
     *     {@link #fingerprint} before
     */
    Cursor restore(byte[] saved);

    /**
     * The same for constraints whose saved positions mean the same. It depends on the compiled form, so it can change
     * with the compiler's version: then replay the session's bytes from {@link #start}.
     */
    long fingerprint();
}
