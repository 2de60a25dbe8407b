package io.bytelm.constraint.schema.network;

/**
 * Where in an escape a string is, to tell code points apart: two escapes that are the halves of a surrogate pair are one of them,
 * and halves come in pairs.
 */
final class EscapePlaces {
    /** Between two characters, or within one that is not escaped. */
    static final int OUTSIDE = 0;

    private static final int AFTER_BACKSLASH = 1;
    /** Before the last hexadecimal digit; one more for each digit before it. */
    private static final int LAST_DIGIT = 2;

    private static final int AFTER_U = LAST_DIGIT + 3;
    /** After the digit d, which the halves of pairs begin with. */
    private static final int AFTER_D = AFTER_U + 1;

    private static final int HIGH_HALF_TWO_DIGITS = AFTER_D + 1;
    private static final int HIGH_HALF_LAST_DIGIT = AFTER_D + 2;
    private static final int AFTER_HIGH_HALF = AFTER_D + 3;
    private static final int BEFORE_U_OF_LOW_HALF = AFTER_D + 4;

    private EscapePlaces() {}

    /** The place after one more byte. */
    static int after(int place, int b) {
        return switch (place) {
            case OUTSIDE -> b == '\\' ? AFTER_BACKSLASH : OUTSIDE;
            case AFTER_BACKSLASH -> b == 'u' ? AFTER_U : OUTSIDE;
            case LAST_DIGIT -> OUTSIDE;
            case AFTER_U -> (b | 0x20) == 'd' ? AFTER_D : AFTER_U - 1;
            case AFTER_D -> isHighHalf(b) ? HIGH_HALF_TWO_DIGITS : AFTER_U - 2;
            case HIGH_HALF_TWO_DIGITS, HIGH_HALF_LAST_DIGIT, AFTER_HIGH_HALF -> place + 1;
            case BEFORE_U_OF_LOW_HALF -> AFTER_U;
            default -> place - 1;
        };
    }

    /** Whether a digit after d makes the first half of a pair, D800 to DBFF. */
    private static boolean isHighHalf(int digit) {
        return digit == '8' || digit == '9' || (digit | 0x20) == 'a' || (digit | 0x20) == 'b';
    }
}
