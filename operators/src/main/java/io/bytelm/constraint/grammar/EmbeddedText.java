package io.bytelm.constraint.grammar;

/** Where a JSON object or a regular expression that stands in a grammar's text ends. */
public final class EmbeddedText {
    /** There is no end. */
    public static final int NO_END = -1;

    private EmbeddedText() {}

    /** The place after the brace that closes the one at {@code begin}; in texts between quotes braces do not count. */
    public static int endOfObject(String text, int begin) {
        int depth = 0;
        boolean quoted = false;
        for (int at = begin; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quoted) {
                at += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return at + 1;
            }
        }
        return NO_END;
    }

    /** The place of the slash that ends a regular expression which begins at {@code begin}, in its line and without a backslash before. */
    public static int endOfRegex(String text, int begin) {
        for (int at = begin; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '/' -> {
                    return at;
                }
                case '\n', '\r' -> {
                    return NO_END;
                }
                case '\\' -> at++;
                default -> {}
            }
        }
        return NO_END;
    }
}
