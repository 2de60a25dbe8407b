package io.bytelm.constraint.regex;

/** Reads a pattern of {@link EcmaPattern} from the front: by code points with the flag {@code u}, else by UTF-16. */
final class PatternCursor {
    private static final int END = -1;

    private final String pattern;
    private final boolean unicode;
    private int at;

    PatternCursor(String pattern, boolean unicode) {
        this.pattern = pattern;
        this.unicode = unicode;
    }

    boolean unicode() {
        return unicode;
    }

    boolean atEnd() {
        return at == pattern.length();
    }

    /** The next character, -1 at the end. */
    int peek() {
        if (atEnd()) {
            return END;
        }
        return unicode ? pattern.codePointAt(at) : pattern.charAt(at);
    }

    int next() {
        int c = peek();
        if (c == END) {
            throw EcmaPattern.malformed();
        }
        at += unicode ? Character.charCount(c) : 1;
        return c;
    }

    boolean take(int expected) {
        if (peek() != expected) {
            return false;
        }
        next();
        return true;
    }

    boolean take(String expected) {
        if (!pattern.startsWith(expected, at)) {
            return false;
        }
        at += expected.length();
        return true;
    }

    void require(int expected) {
        if (!take(expected)) {
            throw EcmaPattern.malformed();
        }
    }

    /** One decimal digit or more. */
    String digits() {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == from) {
            throw EcmaPattern.malformed();
        }
        return pattern.substring(from, at);
    }

    /** So many hexadecimal digits; -1, and nothing is read, if there are fewer. */
    int hex(int count) {
        if (at + count > pattern.length()) {
            return -1;
        }
        int value = 0;
        for (int i = at; i < at + count; i++) {
            char c = pattern.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        at += count;
        return value;
    }

    /** All up to a character, which is read too. */
    String until(char end) {
        int to = pattern.indexOf(end, at);
        if (to < 0) {
            throw EcmaPattern.malformed();
        }
        String text = pattern.substring(at, to);
        at = to + 1;
        return text;
    }

    /** The name of a group, up to its angle bracket; escapes in it are read as what they stand for. */
    String name() {
        StringBuilder name = new StringBuilder();
        for (String rest = until('>'); !rest.isEmpty(); ) {
            boolean escaped = rest.startsWith("\\u");
            PatternCursor in = new PatternCursor(rest, true);
            int c = in.next();
            if (escaped) {
                in.next();
                c = PatternEscapes.codePoint(in);
            }
            boolean fits = name.isEmpty() ? Character.isUnicodeIdentifierStart(c) : isPart(c);
            if (!fits && c != '$' && c != '_') {
                throw EcmaPattern.malformed();
            }
            name.appendCodePoint(c);
            rest = rest.substring(in.at);
        }
        if (name.isEmpty()) {
            throw EcmaPattern.malformed();
        }
        return name.toString();
    }

    /** ID_Continue, or one of the joiners. */
    static boolean isPart(int c) {
        return c == 0x200C
                || c == 0x200D
                || (Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
    }
}
