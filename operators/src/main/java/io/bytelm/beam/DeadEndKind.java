package io.bytelm.beam;

import java.util.Locale;

/** Why no way to read a text went on with a byte, and what becomes of the byte where reading goes on nevertheless. */
public enum DeadEndKind {
    /** No token has this byte; it is left out. */
    NO_TOKEN,
    /** Tokens have it, but none that fits here, or the model gives none of them a probability; it is left out. */
    NO_WAY,
    /** Only the ways that were followed did not go on with it; others are followed now, and it is read. */
    PRUNED,
    /** The bytes since the last whole token could not become one; it is read after that token, as the first of a text. */
    BROKEN_TOKEN;

    /** Whether the byte is left out: what follows is read as if it were not there. */
    public boolean leavesOut() {
        return this == NO_TOKEN || this == NO_WAY;
    }

    /** A short word for machines. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
