package io.bytelm.constraint.regex;

import java.lang.Character.UnicodeScript;
import java.util.HashSet;
import java.util.Set;

/** What follows a backslash in a pattern of {@link EcmaPattern}. Used by one thread. */
final class PatternEscapes {
    /** Of a set, which is no end of a range. */
    static final int A_SET = -1;

    private static final String CONTROLS = "tnvfr";
    private static final String CONTROL_CODES = "\t\n\u000B\f\r";
    private static final String SYNTAX = "^$\\.*+?()[]{}|/";

    private final PatternCursor in;
    private final Set<String> references = new HashSet<>();
    private int largestReference;

    PatternEscapes(PatternCursor in) {
        this.in = in;
    }

    /** Whether there are all groups that are referred to. */
    boolean refersTo(int groups, Set<String> names) {
        return largestReference <= groups && names.containsAll(references);
    }

    /** Outside a class. */
    void ofAtom() {
        if (in.peek() >= '1' && in.peek() <= '9') {
            String number = in.digits();
            int group = number.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(number);
            largestReference = Math.max(largestReference, group);
        } else if (in.take('k')) {
            in.require('<');
            references.add(in.name());
        } else {
            character();
        }
    }

    /** In a class: its code point, or {@link #A_SET}. */
    int ofClass() {
        if (in.take('b')) {
            return '\b';
        }
        return in.unicode() && in.take('-') ? '-' : character();
    }

    private int character() {
        int c = in.next();
        if ("dDsSwW".indexOf(c) >= 0) {
            return A_SET;
        }
        if (in.unicode() && (c == 'p' || c == 'P')) {
            in.require('{');
            checkProperty(in.until('}'));
            return A_SET;
        }
        if (CONTROLS.indexOf(c) >= 0) {
            return CONTROL_CODES.charAt(CONTROLS.indexOf(c));
        }
        return switch (c) {
            case 'c' -> letter(in.next()) & 0x1F;
            case '0' -> zero();
            case 'x' -> required(in.hex(2));
            case 'u' -> in.unicode() ? codePoint(in) : required(in.hex(4));
            default -> itself(c);
        };
    }

    private int itself(int c) {
        boolean fits = in.unicode() ? SYNTAX.indexOf(c) >= 0 : !PatternCursor.isPart(c) || c == 0x200C || c == 0x200D;
        if (!fits) {
            throw EcmaPattern.malformed();
        }
        return c;
    }

    private static int letter(int c) {
        if ((c | 0x20) < 'a' || (c | 0x20) > 'z') {
            throw EcmaPattern.malformed();
        }
        return c;
    }

    private int zero() {
        if (in.peek() >= '0' && in.peek() <= '9') {
            throw EcmaPattern.malformed();
        }
        return 0;
    }

    private static int required(int value) {
        if (value < 0) {
            throw EcmaPattern.malformed();
        }
        return value;
    }

    /** After {@code u}: four digits, of a surrogate pair twice, or any number in braces. */
    static int codePoint(PatternCursor in) {
        if (in.take('{')) {
            String digits = in.until('}');
            String plain = digits.replaceFirst("^0+(?=.)", "");
            if (!plain.matches("[0-9a-fA-F]{1,6}") || Integer.parseInt(plain, 16) > Character.MAX_CODE_POINT) {
                throw EcmaPattern.malformed();
            }
            return Integer.parseInt(plain, 16);
        }
        int first = required(in.hex(4));
        if (Character.isHighSurrogate((char) first) && in.take("\\u")) {
            int second = required(in.hex(4));
            if (Character.isLowSurrogate((char) second)) {
                return Character.toCodePoint((char) first, (char) second);
            }
            throw EcmaPattern.malformed();
        }
        return first;
    }

    private static void checkProperty(String name) {
        int equals = name.indexOf('=');
        String key = equals < 0 ? "" : name.substring(0, equals);
        String value = name.substring(equals + 1);
        boolean known = switch (key) {
            case "" ->
                equals < 0 && (EcmaProperties.CATEGORIES.contains(value) || EcmaProperties.BINARY.contains(value));
            case "General_Category", "gc" -> EcmaProperties.CATEGORIES.contains(value);
            case "Script", "sc", "Script_Extensions", "scx" -> isScript(value);
            default -> false;
        };
        if (!known) {
            throw EcmaPattern.malformed();
        }
    }

    private static boolean isScript(String name) {
        try {
            return name.matches("[A-Z][A-Za-z]+(_[A-Z][a-z]+)*") && UnicodeScript.forName(name) != null;
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }
}
