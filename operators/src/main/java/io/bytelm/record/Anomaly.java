package io.bytelm.record;

import org.jspecify.annotations.Nullable;

/**
 * How unusual a session's last bytes are.
 *
 * @param rank how many of the 256 bytes were at least as probable as the one that came, itself included, when it came; 1 for the
 *     most probable one. Null unless every byte is told
 * @param windowBitsPerByte the mean surprisal of the last bytes, as many as the window has (bits a byte); null before there are so many
 * @param z by how many standard deviations of the session's own windows that is above their mean; null while they are too few, or all the same
 */
public record Anomaly(
        @Nullable Integer rank,
        @Nullable Double windowBitsPerByte,
        @Nullable Double z) {}
