package io.bytelm.job.terminal;

import io.bytelm.dist.Symbols;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes as text that can be read: on one line, with nothing invisible. */
public final class ByteText {
    private static final int LONGEST_CHARACTER = 4;

    private ByteText() {}

    /** Valid UTF-8 as its characters, a space as {@code ␣}, all else as {@code \n} or {@code \xc3}. */
    public static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            int length = lengthOfVisibleCharacter(bytes, at);
            if (length > 0) {
                text.append(new String(bytes, at, length, StandardCharsets.UTF_8));
                at += length;
            } else {
                text.append(ofSymbol(bytes[at] & 0xFF));
                at++;
            }
        }
        return text.toString();
    }

    /** One symbol: a byte, 0 to 255, {@link Symbols#EOT} or {@link Symbols#EOS}. */
    public static String ofSymbol(int symbol) {
        return switch (symbol) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '\r' -> "\\r";
            case Symbols.EOT -> "end of token";
            case Symbols.EOS -> "end of text";
            default -> Symbols.label(symbol);
        };
    }

    /** Bytes of the character that begins here, if it is more than ASCII and can be seen; else 0. */
    private static int lengthOfVisibleCharacter(byte[] bytes, int at) {
        if (bytes[at] >= 0) {
            return 0;
        }
        for (int length = 2; length <= LONGEST_CHARACTER && at + length <= bytes.length; length++) {
            int character = decoded(bytes, at, length);
            if (character >= 0) {
                boolean seen = Character.isLetterOrDigit(character) || isVisibleSign(character);
                return seen && character != '␣' ? length : 0;
            }
        }
        return 0;
    }

    private static boolean isVisibleSign(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            default -> true;
        };
    }

    /** The one character of these bytes, -1 if they are not just one. */
    private static int decoded(byte[] bytes, int at, int length) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
            return text.codePointCount(0, text.length()) == 1 ? text.codePointAt(0) : -1;
        } catch (CharacterCodingException e) {
            return -1;
        }
    }
}
