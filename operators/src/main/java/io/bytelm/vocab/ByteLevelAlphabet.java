package io.bytelm.vocab;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2's way to write any bytes as printable characters: the 188 printable characters of Latin-1 stand for themselves,
 * the other 68 bytes, in their order, for U+0100 to U+0143 (so a space is {@code Ġ}).
 *
 * @see <a href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">bytes_to_unicode in GPT-2's encoder</a>
 */
final class ByteLevelAlphabet {
    private static final char FIRST_SUBSTITUTE = 0x100;
    private static final char[] CHAR_OF_BYTE = new char[256];
    /** By character: the byte, or -1. */
    private static final short[] BYTE_OF_CHAR = new short[FIRST_SUBSTITUTE + 68];

    static {
        Arrays.fill(BYTE_OF_CHAR, (short) -1);
        char substitute = FIRST_SUBSTITUTE;
        for (int b = 0; b < 256; b++) {
            CHAR_OF_BYTE[b] = standsForItself(b) ? (char) b : substitute++;
            BYTE_OF_CHAR[CHAR_OF_BYTE[b]] = (short) b;
        }
    }

    private ByteLevelAlphabet() {}

    private static boolean standsForItself(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
    }

    /** The character that stands for a byte, 0 to 255. */
    static char charOf(int unsignedByte) {
        return CHAR_OF_BYTE[unsignedByte];
    }

    /** The bytes that a piece stands for, one a character; null if a character is not of this alphabet. */
    static byte @Nullable [] decode(String piece) {
        byte[] bytes = new byte[piece.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = piece.charAt(i);
            if (c >= BYTE_OF_CHAR.length || BYTE_OF_CHAR[c] < 0) {
                return null;
            }
            bytes[i] = (byte) BYTE_OF_CHAR[c];
        }
        return bytes;
    }
}
