package io.bytelm.job.likelihood.document;

/** Characters as bytes (RFC 3629): shortest forms only, no surrogates. */
final class Utf8 {
    private Utf8() {}

    /** How many bytes the character takes that begins at an index; 0 if none does. */
    static int lengthAt(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xC2 && first < 0xE0
                ? 2
                : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > bytes.length) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[at + 1] & 0xFF;
        boolean wrong = first == 0xE0 && second < 0xA0
                || first == 0xED && second >= 0xA0
                || first == 0xF0 && second < 0x90
                || first == 0xF4 && second >= 0x90;
        return wrong ? 0 : length;
    }
}
