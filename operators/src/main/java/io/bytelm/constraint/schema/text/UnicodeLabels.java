package io.bytelm.constraint.schema.text;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Set;

/** Labels of host names in Unicode: RFC 5891, section 4.2, with the rules of RFC 5892 for what depends on its neighbours. */
final class UnicodeLabels {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int KATAKANA_MIDDLE_DOT = 0x30FB;

    private UnicodeLabels() {}

    static boolean isValid(int[] label) {
        String text = new String(label, 0, label.length);
        boolean hyphens = text.startsWith("-") || text.endsWith("-") || text.startsWith("--", 2);
        if (label.length == 0 || hyphens || !Normalizer.isNormalized(text, Normalizer.Form.NFC) || isMark(label[0])) {
            return false;
        }
        boolean beyondAscii = false;
        for (int i = 0; i < label.length; i++) {
            beyondAscii |= label[i] >= 0x80;
            if (!LabelCharacters.areValid(label[i]) && !isValidThere(label, i)) {
                return false;
            }
        }
        return beyondAscii;
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    /** RFC 5892, appendix A. */
    private static boolean isValidThere(int[] label, int at) {
        return switch (label[at]) {
            case ZERO_WIDTH_NON_JOINER -> isAfterVirama(label, at) || JoiningTypes.joinAcross(label, at);
            case ZERO_WIDTH_JOINER -> isAfterVirama(label, at);
            case 0xB7 -> at > 0 && at + 1 < label.length && label[at - 1] == 'l' && label[at + 1] == 'l';
            case 0x375 -> at + 1 < label.length && UnicodeScript.of(label[at + 1]) == UnicodeScript.GREEK;
            case 0x5F3, 0x5F4 -> at > 0 && UnicodeScript.of(label[at - 1]) == UnicodeScript.HEBREW;
            case KATAKANA_MIDDLE_DOT -> hasJapanese(label);
            default ->
                isDigit(label[at], 0x660) && hasNone(label, 0x6F0)
                        || isDigit(label[at], 0x6F0) && hasNone(label, 0x660);
        };
    }

    private static boolean isAfterVirama(int[] label, int at) {
        return at > 0 && JoiningTypes.isVirama(label[at - 1]);
    }

    private static boolean hasJapanese(int[] label) {
        Set<UnicodeScript> scripts = Set.of(UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA, UnicodeScript.HAN);
        for (int c : label) {
            if (c != KATAKANA_MIDDLE_DOT && scripts.contains(UnicodeScript.of(c))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDigit(int c, int zero) {
        return c >= zero && c <= zero + 9;
    }

    private static boolean hasNone(int[] label, int zero) {
        for (int c : label) {
            if (isDigit(c, zero)) {
                return false;
            }
        }
        return true;
    }
}
