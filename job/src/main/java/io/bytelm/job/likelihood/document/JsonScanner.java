package io.bytelm.job.likelihood.document;

import java.util.Arrays;

/**
 * Walks over one line of JSON (RFC 8259) and skips what nobody asks for. Beyond the standard it takes a byte order mark at
 * the beginning and NaN, Infinity and -Infinity, which Python writes; numbers may be of any length, and values nested to
 * any depth. Used by one thread.
 */
final class JsonScanner {
    static final int END = -1;

    private static final int TOP_DEPTH = 8;

    private final byte[] json;
    private int at;

    JsonScanner(byte[] json) {
        this.json = json;
        boolean marked = json.length >= 3 && json[0] == (byte) 0xEF && json[1] == (byte) 0xBB && json[2] == (byte) 0xBF;
        this.at = marked ? 3 : 0;
    }

    /** The next byte that is no white space; {@link #END} behind the last one. It stays the next. */
    int peek() {
        while (at < json.length && isSpace(json[at])) {
            at++;
        }
        return at < json.length ? json[at] & 0xFF : END;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    /** Takes a byte behind white space if it is this one. */
    boolean takes(char wanted) {
        boolean is = peek() == wanted;
        at += is ? 1 : 0;
        return is;
    }

    void require(char wanted) throws JsonFault {
        if (!takes(wanted)) {
            throw unexpected();
        }
    }

    /** What is said of the next byte where it may not stand. */
    JsonFault unexpected() {
        int next = peek();
        return new JsonFault(
                next == END
                        ? "it ends too early, at column " + column()
                        : "unexpected " + shown(next) + " at column " + column());
    }

    /** For people: the character if it is one of ASCII. */
    private static String shown(int value) {
        return value > ' ' && value < 0x7F ? "'" + (char) value + "'" : String.format("byte 0x%02X", value);
    }

    /** Where the next byte stands, in characters. */
    private int column() {
        int column = 1;
        for (int i = 0; i < at; i++) {
            column += (json[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return column;
    }

    /** Takes a string. */
    JsonString string() throws JsonFault {
        require('"');
        int from = at;
        int escapes = 0;
        while (true) {
            int next = at < json.length ? json[at] & 0xFF : END;
            if (next == '"') {
                at++;
                return new JsonString(json, from, at - 1, escapes > 0);
            }
            if (next == '\\') {
                escapes++;
                takeEscape();
            } else if (next < ' ') {
                throw next == END
                        ? new JsonFault("it ends within a string, at column " + column())
                        : new JsonFault("a control character (" + shown(next)
                                + ") without escape in a string at column " + column());
            } else {
                takeCharacter(next);
            }
        }
    }

    private void takeEscape() throws JsonFault {
        int kind = at + 1 < json.length ? json[at + 1] & 0xFF : END;
        int digits = kind == 'u' ? 4 : 0;
        boolean known = kind != END && "\"\\/bfnrtu".indexOf(kind) >= 0;
        for (int i = 0; known && i < digits; i++) {
            known = at + 2 + i < json.length && Character.digit(json[at + 2 + i], 16) >= 0;
        }
        if (!known) {
            throw new JsonFault("a backslash that begins no escape at column " + column());
        }
        at += 2 + digits;
    }

    private void takeCharacter(int first) throws JsonFault {
        int length = first < 0x80 ? 1 : Utf8.lengthAt(json, at);
        if (length == 0) {
            throw new JsonFault(shown(first) + " at column " + column() + " is no UTF-8");
        }
        at += length;
    }

    /** Takes any value; returns it as it is written if it is a number or a literal, and an empty text otherwise. */
    String value() throws JsonFault {
        int next = peek();
        if (next == '{' || next == '[') {
            skipNested();
            return "";
        }
        if (next == '"') {
            string();
            return "";
        }
        return scalar();
    }

    private String scalar() throws JsonFault {
        peek();
        int from = at;
        if (!takesWord("true") && !takesWord("false") && !takesWord("null") && !takesWord("NaN")) {
            at += at < json.length && json[at] == '-' ? 1 : 0;
            if (!takesWord("Infinity")) {
                takeNumber();
            }
        }
        return new String(json, from, at - from, java.nio.charset.StandardCharsets.US_ASCII);
    }

    private boolean takesWord(String word) {
        int end = at + word.length();
        if (end > json.length) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (json[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at = end;
        return true;
    }

    /** Behind the sign. */
    private void takeNumber() throws JsonFault {
        if (at < json.length && json[at] == '0') {
            at++;
        } else {
            takeDigits();
        }
        if (at < json.length && json[at] == '.') {
            at++;
            takeDigits();
        }
        if (at < json.length && (json[at] == 'e' || json[at] == 'E')) {
            at++;
            at += at < json.length && (json[at] == '+' || json[at] == '-') ? 1 : 0;
            takeDigits();
        }
    }

    private void takeDigits() throws JsonFault {
        int from = at;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        if (at == from) {
            throw unexpected();
        }
    }

    /** An object or array with all in it; the brackets that are open lie in an array, and not on the thread's stack. */
    private void skipNested() throws JsonFault {
        byte[] open = new byte[TOP_DEPTH];
        int depth = 0;
        do {
            boolean closed = true;
            if (takes('{')) {
                closed = takes('}');
                if (!closed) {
                    open = pushed(open, depth++, '}');
                    takeName();
                }
            } else if (takes('[')) {
                closed = takes(']');
                if (!closed) {
                    open = pushed(open, depth++, ']');
                }
            } else {
                value();
            }
            depth = closed ? afterValue(open, depth) : depth;
        } while (depth > 0);
    }

    /** Closes what ends here, or takes the comma; returns the depth of the next value. */
    private int afterValue(byte[] open, int depth) throws JsonFault {
        int left = depth;
        while (left > 0) {
            if (takes((char) open[left - 1])) {
                left--;
            } else {
                require(',');
                if (open[left - 1] == '}') {
                    takeName();
                }
                return left;
            }
        }
        return left;
    }

    private void takeName() throws JsonFault {
        string();
        require(':');
    }

    private static byte[] pushed(byte[] open, int depth, char closing) {
        byte[] grown = depth < open.length ? open : Arrays.copyOf(open, 2 * open.length);
        grown[depth] = (byte) closing;
        return grown;
    }
}
