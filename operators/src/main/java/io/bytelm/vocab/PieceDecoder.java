package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The two ways in which a piece of a tokenizer's vocabulary, a string, stands for bytes. */
sealed interface PieceDecoder {
    /** What a piece stands for; null if it is not written in the way of this tokenizer. */
    @Nullable
    Token decode(String piece);

    /** GPT-2, Llama 3, Qwen: a character a byte, see {@link ByteLevelAlphabet}. */
    record ByteLevel() implements PieceDecoder {
        @Override
        public @Nullable Token decode(String piece) {
            byte[] bytes = ByteLevelAlphabet.decode(piece);
            return bytes == null ? null : Token.of(bytes, TokenKind.NORMAL);
        }
    }

    /**
     * Llama 2, Mistral, Gemma: text, with a marker instead of spaces.
     *
     * @param spaceMarker stands for a space, usually {@code ▁} (U+2581)
     * @param byteFallback whether {@code <0xNN>} stands for one raw byte
     */
    record SentencePiece(String spaceMarker, boolean byteFallback) implements PieceDecoder {
        private static final Pattern RAW_BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

        @Override
        public Token decode(String piece) {
            if (byteFallback && isRawByte(piece)) {
                return new Token(HexFormat.of().parseHex(piece, 3, 5), TokenKind.BYTE);
            }
            return Token.of(text(piece).getBytes(UTF_8), TokenKind.NORMAL);
        }

        static boolean isRawByte(String piece) {
            return RAW_BYTE.matcher(piece).matches();
        }

        String text(String piece) {
            return piece.replace(spaceMarker, " ");
        }
    }
}
