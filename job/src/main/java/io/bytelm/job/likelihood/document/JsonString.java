package io.bytelm.job.likelihood.document;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A string in a line of JSON, between its quotes; what is in it has been checked.
 *
 * @param json the line
 * @param from of the first byte
 * @param to behind the last byte
 * @param escaped whether there is a backslash
 */
record JsonString(byte[] json, int from, int to, boolean escaped) {
    /** As UTF-8; null if half of a surrogate pair is in it, which no bytes stand for. */
    byte @Nullable [] utf8() {
        if (!escaped) {
            return Arrays.copyOfRange(json, from, to);
        }
        byte[] bytes = new byte[to - from]; // an escape is longer than what it stands for
        int length = 0;
        for (int i = from; i < to; ) {
            if (json[i] != '\\') {
                bytes[length++] = json[i++];
                continue;
            }
            int codePoint = codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return null;
            }
            byte[] encoded = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(encoded, 0, bytes, length, encoded.length);
            length += encoded.length;
            i += escapeLength(i, codePoint);
        }
        return Arrays.copyOf(bytes, length);
    }

    /** For names: half of a surrogate pair becomes U+FFFD. */
    String text() {
        byte[] utf8 = utf8();
        if (utf8 != null) {
            return new String(utf8, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; ) {
            if (json[i] != '\\') {
                int length = Utf8.lengthAt(json, i);
                text.append(new String(json, i, length, StandardCharsets.UTF_8));
                i += length;
                continue;
            }
            int codePoint = codePointAt(i);
            boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            text.appendCodePoint(half ? 0xFFFD : codePoint);
            i += escapeLength(i, codePoint);
        }
        return text.toString();
    }

    /** Of the escape there; two of them if they make a pair. */
    private int codePointAt(int at) {
        switch (json[at + 1]) {
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                char first = unit(at);
                boolean more = at + 12 <= to && json[at + 6] == '\\' && json[at + 7] == 'u';
                char second = more ? unit(at + 6) : 0;
                return Character.isSurrogatePair(first, second) ? Character.toCodePoint(first, second) : first;
            default:
                return json[at + 1];
        }
    }

    private char unit(int at) {
        return (char) Integer.parseInt(new String(json, at + 2, 4, StandardCharsets.US_ASCII), 16);
    }

    private int escapeLength(int at, int codePoint) {
        if (json[at + 1] != 'u') {
            return 2;
        }
        return Character.isSupplementaryCodePoint(codePoint) ? 12 : 6;
    }
}
