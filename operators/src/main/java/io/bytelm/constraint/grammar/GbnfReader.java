package io.bytelm.constraint.grammar;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;

/** Reads a grammar's text character by character. */
final class GbnfReader {
    static final int END = -1;

    private final String text;
    private int position;

    GbnfReader(String text) {
        this.text = text;
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return position == text.length();
    }

    /** The next code point without reading it, or END. */
    int peek() {
        return atEnd() ? END : text.codePointAt(position);
    }

    /** Reads one code point, or END. */
    int read() {
        int codePoint = peek();
        position += codePoint == END ? 0 : Character.charCount(codePoint);
        return codePoint;
    }

    void backTo(int earlierPosition) {
        position = earlierPosition;
    }

    boolean eat(String expected) {
        if (text.startsWith(expected, position)) {
            position += expected.length();
            return true;
        }
        return false;
    }

    void expect(String expected, String where) {
        if (!eat(expected)) {
            throw syntax(position, "missing \"" + expected + "\" " + where);
        }
    }

    /** Skips blanks and comments, and ends of lines too where {@code newlines} are allowed. */
    void skipSpace(boolean newlines) {
        for (int c = peek(); c == ' ' || c == '\t' || c == '#' || (newlines && isNewline(c)); c = peek()) {
            read();
            while (c == '#' && !atEnd() && !isNewline(peek())) {
                read();
            }
        }
    }

    static boolean isNewline(int c) {
        return c == '\n' || c == '\r';
    }

    /** The name of a rule: ASCII letters, digits, dashes and underscores; empty if none comes next. */
    String readName() {
        int begin = position;
        while (!atEnd() && isNameCharacter(text.charAt(position))) {
            position++;
        }
        return text.substring(begin, position);
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /** A repetition count, or -1 if no digit comes next. */
    int readCount() {
        int begin = position;
        while (!atEnd() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            position++;
        }
        if (position - begin > 9) {
            throw new ConstraintException(Reason.TOO_LARGE, begin, "a repetition count is too large");
        }
        return position == begin ? -1 : Integer.parseInt(text.substring(begin, position));
    }

    /** One character of a literal, with its escapes. */
    int readCharacter() {
        int at = position;
        return checkScalar(readMember(), at);
    }

    /** The same in a class: an escape may be a surrogate, which a class can exclude. */
    int readMember() {
        int at = position;
        int c = read();
        if (c == END) {
            throw syntax(at, "it ends inside a literal or a class");
        }
        if (c != '\\') {
            return checkScalar(c, at);
        }
        int escape = read();
        return switch (escape) {
            case 'x' -> readHex(2, at);
            case 'u' -> readHex(4, at);
            case 'U' -> readHex(8, at);
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            case '\\', '"', '[', ']', '-' -> escape;
            default -> throw syntax(at, "an unknown escape");
        };
    }

    private int checkScalar(int c, int at) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            throw syntax(at, "a surrogate without its other half, which UTF-8 cannot encode");
        }
        return c;
    }

    private int readHex(int digits, int at) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0 || peek() > 'f') {
                throw syntax(at, "an escape needs " + digits + " hexadecimal digits");
            }
            read();
            value = 16 * value + digit;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw syntax(at, "an escape above 10FFFF");
        }
        return (int) value;
    }

    /** A JSON object, braces included. */
    String readObject() {
        int begin = position;
        if (peek() != '{') {
            throw syntax(begin, "after %json comes a schema in braces");
        }
        position = EmbeddedText.endOfObject(text, begin);
        if (position == EmbeddedText.NO_END) {
            throw syntax(begin, "the schema has no end: a brace is missing");
        }
        return text.substring(begin, position);
    }

    /** A regular expression between slashes, which are read and left out. */
    String readPattern() {
        int begin = position + 1;
        int end = EmbeddedText.endOfRegex(text, begin);
        if (end == EmbeddedText.NO_END) {
            throw syntax(
                    position,
                    "the regular expression does not end with a slash in its line; write \\/ for a slash in it");
        }
        position = end + 1;
        return text.substring(begin, end);
    }

    /** The refusal of something that stands in the grammar. */
    ConstraintException within(int at, String what, ConstraintException refusal) {
        return new ConstraintException(refusal.reason(), at, what + " in the grammar: " + refusal.getMessage());
    }

    ConstraintException syntax(int at, String message) {
        return new ConstraintException(Reason.SYNTAX, at, "the grammar is malformed: " + message);
    }
}
