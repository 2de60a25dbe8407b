package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a piece is before the first merge: the ids of its smallest parts. */
sealed interface PieceSymbols {
    /** The symbols of a piece; null if there is one that is no token. */
    int @Nullable [] of(String piece);

    /** SentencePiece's name of a byte, 0 to 255. */
    static String nameOfByte(int b) {
        return String.format(Locale.ROOT, "<0x%02X>", b);
    }

    /** A character of the byte-level alphabet is a symbol. */
    record OfBytes(Map<String, Integer> ids) implements PieceSymbols {
        @Override
        public int @Nullable [] of(String piece) {
            int[] symbols = new int[piece.length()];
            for (int i = 0; i < symbols.length; i++) {
                Integer id = ids.get(piece.substring(i, i + 1));
                if (id == null) {
                    return null;
                }
                symbols[i] = id;
            }
            return symbols;
        }
    }

    /**
     * A character of the vocabulary is a symbol, of any other each byte.
     *
     * @param characters the code points that are pieces, the space instead of its marker
     */
    record OfCharacters(Map<String, Integer> ids, BitSet characters) implements PieceSymbols {
        static OfCharacters of(Map<String, Integer> ids, TokenizerPipeline pipeline) {
            BitSet characters = new BitSet();
            for (String piece : ids.keySet()) {
                if (!piece.isEmpty() && piece.codePointCount(0, piece.length()) == 1) {
                    boolean space = piece.equals(pipeline.spaceMarker());
                    characters.set(space ? ' ' : piece.codePointAt(0));
                }
            }
            return new OfCharacters(ids, characters);
        }

        /** The first byte without a token; negative if there is none. */
        int missingByte() {
            int b = 0;
            while (b < 256 && ids.containsKey(nameOfByte(b))) {
                b++;
            }
            return b < 256 ? b : -1;
        }

        @Override
        public int @Nullable [] of(String piece) {
            if (PieceDecoder.SentencePiece.isRawByte(piece)) {
                return new int[] {ids.getOrDefault(piece, -1)};
            }
            return piece.codePoints()
                    .mapToObj(Character::toString)
                    .flatMapToInt(character ->
                            ids.containsKey(character) ? IntStream.of(ids.get(character)) : bytes(character))
                    .toArray();
        }

        private IntStream bytes(String character) {
            byte[] bytes = character.getBytes(UTF_8);
            return IntStream.range(0, bytes.length).map(i -> ids.get(nameOfByte(bytes[i] & 0xFF)));
        }
    }
}
