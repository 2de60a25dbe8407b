package io.bytelm.vocab.cuts;

/**
 * Where bytes stand in a character. A byte that no character goes on with ends the one begun: as decoders replace it, what
 * was there of that one counts as one U+FFFD, and so does a byte that begins none.
 *
 * @param missing how many bytes the character lacks; 0 between two characters
 * @param value the bits of its first bytes
 * @param low the least byte that may come next in it
 * @param high the greatest one
 */
record Utf8Position(int missing, int value, int low, int high) {
    static final int REPLACEMENT = 0xFFFD;
    static final Utf8Position BETWEEN = new Utf8Position(0, 0, 0, 0);

    private static final int LOW = 0x80;
    private static final int HIGH = 0xBF;

    boolean isInside() {
        return missing > 0;
    }

    boolean goesOnWith(int b) {
        return isInside() && b >= low && b <= high;
    }

    /** After a byte that the character goes on with; between two characters if it was the last one. */
    Utf8Position next(int b) {
        return missing == 1 ? BETWEEN : new Utf8Position(missing - 1, value(b), LOW, HIGH);
    }

    /** The bits with those of one more byte; the character, if it was the last one. */
    int value(int b) {
        return value << 6 | b & 0x3F;
    }

    /** After the first byte of a character; between two if it is one byte long, or begins none. */
    static Utf8Position first(int b) {
        if (b < 0xC2 || b > 0xF4) {
            return BETWEEN;
        }
        if (b < 0xE0) {
            return new Utf8Position(1, b & 0x1F, LOW, HIGH);
        }
        if (b < 0xF0) {
            return new Utf8Position(2, b & 0x0F, b == 0xE0 ? 0xA0 : LOW, b == 0xED ? 0x9F : HIGH);
        }
        return new Utf8Position(3, b & 0x07, b == 0xF0 ? 0x90 : LOW, b == 0xF4 ? 0x8F : HIGH);
    }
}
