package io.bytelm.beam;

/**
 * How reading goes on where it came to a dead end.
 *
 * @param <T> what reads
 * @param reader after the byte, or, where that is left out, as it was before it
 * @param kind of the dead end
 * @param lostBytes how many of the bytes that were read before are in no token of the reader, of those that are whole and
 *     those that are open: the last ones before the byte
 */
public record ReadOn<T>(T reader, DeadEndKind kind, int lostBytes) {
    /** Where no bytes are lost that were read before. */
    public ReadOn(T reader, DeadEndKind kind) {
        this(reader, kind, 0);
    }

    /** The same with what reads in another form. */
    public <U> ReadOn<U> with(U other) {
        return new ReadOn<>(other, kind, lostBytes);
    }
}
