package io.bytelm.constraint.schema.text;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** The code points that may stand anywhere in a label of a host name: PVALID of RFC 5892, sections 2 and 3. */
final class LabelCharacters {
    private static final Set<Integer> VALID = Set.of(0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007);
    private static final Set<Integer> DISALLOWED =
            Set.of(0x640, 0x7FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B);

    private LabelCharacters() {}

    static boolean areValid(int c) {
        if (VALID.contains(c)) {
            return true;
        }
        if (c < 0x80) {
            return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        }
        return !DISALLOWED.contains(c)
                && !dependsOnNeighbours(c)
                && isLetterMarkOrDigit(c)
                && isStable(c)
                && !isIgnorable(c)
                && !isOldHangul(c);
    }

    private static boolean dependsOnNeighbours(int c) {
        return c == 0xB7
                || c == 0x375
                || c == 0x5F3
                || c == 0x5F4
                || c == 0x30FB
                || (c >= 0x660 && c <= 0x669)
                || (c >= 0x6F0 && c <= 0x6F9);
    }

    private static boolean isLetterMarkOrDigit(int c) {
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER,
                    Character.UPPERCASE_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.MODIFIER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    /** Whether compatibility and case make nothing else of it. */
    private static boolean isStable(int c) {
        String text = Character.toString(c);
        String folded = folded(Normalizer.normalize(text, Normalizer.Form.NFKC));
        return Normalizer.normalize(folded, Normalizer.Form.NFKC).equals(text);
    }

    /** Full case folding: what upper and lower case have in common, but for Cherokee, which is folded to upper case. */
    private static String folded(String text) {
        StringBuilder folded = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean cherokee =
                    (c >= 0x13A0 && c <= 0x13F5) || (c >= 0x13F8 && c <= 0x13FD) || (c >= 0xAB70 && c <= 0xABBF);
            String upper = Character.toString(c).toUpperCase(Locale.ROOT);
            folded.append(cherokee ? upper : upper.toLowerCase(Locale.ROOT));
        });
        return folded.toString().replace('\u03C2', '\u03C3');
    }

    /** Of default ignorable code points those that letters and marks have among them. */
    private static boolean isIgnorable(int c) {
        return c == 0x34F
                || (c >= 0x17B4 && c <= 0x17B5)
                || (c >= 0x180B && c <= 0x180F)
                || (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0000 && c <= 0xE0FFF)
                || isInIgnoredBlock(c);
    }

    /** Combining marks for symbols, musical symbols, ancient Greek musical notation. */
    private static boolean isInIgnoredBlock(int c) {
        return (c >= 0x20D0 && c <= 0x20FF) || (c >= 0x1D100 && c <= 0x1D24F);
    }

    private static boolean isOldHangul(int c) {
        return (c >= 0x1100 && c <= 0x11FF) || (c >= 0xA960 && c <= 0xA97C) || (c >= 0xD7B0 && c <= 0xD7FB);
    }
}
