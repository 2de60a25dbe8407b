package io.bytelm.beam;

/**
 * How reading goes on where it came to a dead end.
 *
 * @param <T> what reads
 * @param reader after the byte, or, where that is left out, as it was before it
 * @param kind of the dead end
 */
public record ReadOn<T>(T reader, DeadEndKind kind) {}
