package io.bytelm.span;

import java.util.stream.IntStream;

/** Splits at characters of UTF-8; a byte of none is a character of its own. What is undecided is the beginning of one. */
record CharacterSplitter(CharacterRule rule) implements Splitter {
    private static final int MORE = 0;
    private static final int FIRST_NON_ASCII = 0x80;

    @Override
    public Split next(int state, byte[] undecided) {
        return read(state, undecided, false);
    }

    @Override
    public Split atEnd(int state, byte[] undecided) {
        return read(state, undecided, true);
    }

    private Split read(int state, byte[] bytes, boolean isEnd) {
        IntStream.Builder borders = IntStream.builder();
        int at = 0;
        int now = state;
        while (at < bytes.length) {
            int length = lengthAt(bytes, at);
            if (length == MORE && !isEnd) {
                break;
            }
            int taken = Math.max(1, length);
            int answer = rule.next(now, length == MORE ? CharacterRule.MALFORMED : characterAt(bytes, at, length));
            if ((answer & CharacterRule.BORDER_BEFORE) != 0) {
                borders.add(at);
            }
            at += taken;
            if ((answer & CharacterRule.BORDER_AFTER) != 0) {
                borders.add(at);
            }
            now = answer & CharacterRule.STATE;
        }
        return new Split(now, borders.build().toArray(), at);
    }

    /** How long the character is that begins here; -1 for a byte that begins none; 0 if bytes are missing. */
    private static int lengthAt(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        int length = first < FIRST_NON_ASCII
                ? 1
                : first < 0xC2 ? -1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : -1;
        for (int i = 1; i < length; i++) {
            if (at + i == bytes.length) {
                return MORE;
            }
            if (!mayFollow(first, i, bytes[at + i] & 0xFF)) {
                return -1;
            }
        }
        return length;
    }

    /** Table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF. */
    private static boolean mayFollow(int first, int place, int next) {
        if (place > 1) {
            return next >= 0x80 && next <= 0xBF;
        }
        int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        return next >= least && next <= most;
    }

    private static int characterAt(byte[] bytes, int at, int length) {
        if (length < 0) {
            return CharacterRule.MALFORMED;
        }
        int character = length == 1 ? bytes[at] : bytes[at] & (0xFF >> (length + 1));
        for (int i = 1; i < length; i++) {
            character = character << 6 | bytes[at + i] & 0x3F;
        }
        return character;
    }

    /** Bytes that are undecided before an ASCII byte belong to no character, and so to a word. */
    @Override
    public boolean endsWord(int state, byte[] undecided, int nextByte) {
        return Characters.isAsciiSpace(nextByte) && endsWordAtEnd(state, undecided);
    }

    @Override
    public boolean endsWordAtEnd(int state, byte[] undecided) {
        return rule.isInWord(read(state, undecided, true).state());
    }
}
