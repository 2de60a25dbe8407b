package io.bytelm.beam;

/**
 * Bytes chosen one after the other.
 *
 * @param bytes the chosen bytes, without EOS; not to be changed
 * @param beam the beam after them: {@link Beam#hasTerminated} if EOS was chosen, {@link Beam#isDead} if nothing
 *     could follow, or no hypothesis that was kept could take the last byte
 */
public record Generated(byte[] bytes, Beam beam) {}
