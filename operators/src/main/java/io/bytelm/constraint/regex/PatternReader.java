package io.bytelm.constraint.regex;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;

/** Reads a pattern code point by code point. */
final class PatternReader {
    static final int END = -1;

    private final String pattern;
    private int position;

    PatternReader(String pattern) {
        this.pattern = pattern;
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return position == pattern.length();
    }

    /** The next code point without reading it, or END. */
    int peek() {
        return atEnd() ? END : pattern.codePointAt(position);
    }

    /** Reads one code point, or END. */
    int read() {
        int codePoint = peek();
        if (codePoint != END) {
            position += Character.charCount(codePoint);
        }
        return codePoint;
    }

    boolean looksAt(String text) {
        return pattern.startsWith(text, position);
    }

    /** Reads this text if it comes next. */
    boolean eat(String text) {
        if (looksAt(text)) {
            position += text.length();
            return true;
        }
        return false;
    }

    void expect(String text, String where) {
        if (!eat(text)) {
            throw syntax("missing \"" + text + "\" " + where);
        }
    }

    /** Reads up to a delimiter and over it. */
    String readUntil(String delimiter, String what) {
        int end = pattern.indexOf(delimiter, position);
        if (end < 0) {
            throw syntax("missing \"" + delimiter + "\" after " + what);
        }
        String text = pattern.substring(position, end);
        position = end + delimiter.length();
        return text;
    }

    /** The text of the digits that come next, maybe none; at most {@code most} of them are read. */
    String readDigits(int radix, int most) {
        int end = position;
        while (end < pattern.length() && end - position < most && isDigit(pattern.charAt(end), radix)) {
            end++;
        }
        String digits = pattern.substring(position, end);
        position = end;
        return digits;
    }

    private static boolean isDigit(char c, int radix) {
        return c < 128 && Character.digit(c, radix) >= 0;
    }

    void backTo(int earlierPosition) {
        position = earlierPosition;
    }

    ConstraintException syntax(String message) {
        return syntax(position, message);
    }

    ConstraintException syntax(int at, String message) {
        return new ConstraintException(Reason.SYNTAX, at, "the pattern is malformed: " + message);
    }

    ConstraintException unsupported(int at, String message) {
        return new ConstraintException(Reason.UNSUPPORTED, at, "the pattern is not supported: " + message);
    }
}
