package io.bytelm.constraint.schema.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether labels in Punycode are those of valid Unicode labels (RFC 5891 with RFC 5892, and RFC 5893 for right-to-left text), in the
 * version of Unicode that the Java runtime knows.
 */
final class HostNames {
    private static final String PREFIX = "xn--";

    private HostNames() {}

    /** @param name of the form of a host name, in ASCII */
    static boolean isValid(String name) {
        List<int[]> labels = new ArrayList<>();
        for (String label : name.toLowerCase(Locale.ROOT).split("\\.", -1)) {
            if (!label.startsWith(PREFIX)) {
                labels.add(label.codePoints().toArray());
                continue;
            }
            int[] decoded = Punycode.decode(label.substring(PREFIX.length()));
            if (decoded == null || !UnicodeLabels.isValid(decoded)) {
                return false;
            }
            labels.add(decoded);
        }
        return labels.stream().noneMatch(HostNames::hasRightToLeft)
                || labels.stream().allMatch(HostNames::keepsBidiRule);
    }

    private static boolean hasRightToLeft(int[] label) {
        for (int c : label) {
            switch (Character.getDirectionality(c)) {
                case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
                        Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
                        Character.DIRECTIONALITY_ARABIC_NUMBER -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    /** RFC 5893, section 2. */
    private static boolean keepsBidiRule(int[] label) {
        StringBuilder kinds = new StringBuilder();
        for (int c : label) {
            kinds.append(kind(Character.getDirectionality(c)));
        }
        boolean bothNumbers = kinds.indexOf("e") >= 0 && kinds.indexOf("a") >= 0;
        String all = kinds.toString();
        return all.matches("l[leno]*") && all.matches(".*[le]n*")
                || all.matches("r[raeno]*[rae]n*|rn*") && !bothNumbers;
    }

    /** l and r for letters of either direction, e and a for European and Arabic numbers, n for marks, o for neutrals, x for others. */
    private static char kind(byte directionality) {
        return switch (directionality) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT -> 'l';
            case Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC -> 'r';
            case Character.DIRECTIONALITY_EUROPEAN_NUMBER -> 'e';
            case Character.DIRECTIONALITY_ARABIC_NUMBER -> 'a';
            case Character.DIRECTIONALITY_NONSPACING_MARK -> 'n';
            case Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR,
                    Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR,
                    Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR,
                    Character.DIRECTIONALITY_OTHER_NEUTRALS,
                    Character.DIRECTIONALITY_BOUNDARY_NEUTRAL -> 'o';
            default -> 'x';
        };
    }
}
