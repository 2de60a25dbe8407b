package io.bytelm.span;

/** Classes of characters. */
final class Characters {
    private Characters() {}

    /** Unicode's property White_Space. */
    static boolean isSpace(int character) {
        return character <= ' '
                ? isAsciiSpace(character)
                : character == 0x85
                        || character == 0xA0
                        || character == 0x1680
                        || character >= 0x2000 && character <= 0x200A
                        || character == 0x2028
                        || character == 0x2029
                        || character == 0x202F
                        || character == 0x205F
                        || character == 0x3000;
    }

    /** The space, and tab to carriage return. */
    static boolean isAsciiSpace(int character) {
        return character == ' ' || character >= '\t' && character <= '\r';
    }

    /** Ends a sentence if white space follows. */
    static boolean isTerminator(int character) {
        return character == '.'
                || character == '!'
                || character == '?'
                || character == 0x2026
                || isDoubleMark(character);
    }

    /** Two marks in one character. */
    private static boolean isDoubleMark(int character) {
        return character == 0x203C || character >= 0x2047 && character <= 0x2049;
    }

    /** Ends a sentence whatever follows: the full stop and the marks of Chinese and Japanese, the danda of Devanagari. */
    static boolean isFinalTerminator(int character) {
        return character == 0x3002
                || character == 0xFF0E
                || character == 0xFF01
                || character == 0xFF1F
                || character == 0xFF61
                || character == 0x0964
                || character == 0x0965;
    }

    /** Closes a quotation or a bracket, and stays with the sentence that it stands behind. */
    static boolean isCloser(int character) {
        return switch (character) {
            case '"', '\'' -> true;
            case CharacterRule.MALFORMED -> false;
            default -> {
                int type = Character.getType(character);
                yield type == Character.END_PUNCTUATION || type == Character.FINAL_QUOTE_PUNCTUATION;
            }
        };
    }
}
