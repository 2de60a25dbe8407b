package io.bytelm.canonical;

import io.bytelm.beam.EosMode;

/**
 * How EOS tokens are read. It may change once, at the end of a prompt: a token that has begun by then is read as before.
 *
 * @param before of tokens that begin before the change
 * @param from how many bytes of the text come before it
 * @param after of tokens that begin later
 */
public record EosReading(EosMode before, long from, EosMode after) {
    static EosReading always(EosMode mode) {
        return new EosReading(mode, 0, mode);
    }

    /** For a token that begins after so many bytes. */
    EosMode at(long begin) {
        return begin < from ? before : after;
    }
}
