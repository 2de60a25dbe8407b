package io.bytelm.beam;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Bytes on a terminal: UTF-8 text as it is, everything that would not show as an escape such as {@code \n, \xff}. */
final class PrintableBytes {
    private static final int LONGEST_CHARACTER = 4;

    private PrintableBytes() {}

    static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            int length = characterLength(bytes, at);
            if (length == 0) {
                text.append(String.format(Locale.ROOT, "\\x%02x", bytes[at] & 0xFF));
                at++;
            } else {
                text.append(new String(bytes, at, length, StandardCharsets.UTF_8));
                at += length;
            }
        }
        return text.toString().replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r");
    }

    /** The length of the character that begins here; 0 if there is none, or none that can be shown. */
    private static int characterLength(byte[] bytes, int at) {
        for (int length = 1; length <= Math.min(LONGEST_CHARACTER, bytes.length - at); length++) {
            try {
                int character = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, at, length))
                        .toString()
                        .codePointAt(0);
                return canBeShown(character) ? length : 0;
            } catch (CharacterCodingException e) {
                continue; // perhaps a longer character
            }
        }
        return 0;
    }

    private static boolean canBeShown(int character) {
        return character == '\n'
                || character == '\t'
                || character == '\r'
                || !(Character.isISOControl(character)
                        || Character.getType(character) == Character.FORMAT
                        || !Character.isDefined(character));
    }
}
