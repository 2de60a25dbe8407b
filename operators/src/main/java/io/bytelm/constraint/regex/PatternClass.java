package io.bytelm.constraint.regex;

/** A class between brackets in a pattern of {@link EcmaPattern}. Used by one thread. */
record PatternClass(PatternCursor in, PatternEscapes escapes) {
    /** After the opening bracket, up to the closing one. */
    void read() {
        in.take('^');
        while (!in.take(']')) {
            int first = atom();
            if (in.peek() == '-') {
                in.next();
                if (in.peek() != ']') {
                    checkRange(first, atom());
                }
            }
        }
    }

    private static void checkRange(int first, int last) {
        if (first == PatternEscapes.A_SET || last == PatternEscapes.A_SET || first > last) {
            throw EcmaPattern.malformed();
        }
    }

    private int atom() {
        return in.take('\\') ? escapes.ofClass() : in.next();
    }
}
