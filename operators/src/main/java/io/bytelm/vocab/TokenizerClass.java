package io.bytelm.vocab;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The classes with which transformers 5 reads a {@code tokenizer.json}. All but the first take no more from it than pieces,
 * merges and the template, and make the steps before and after the model anew: what the file says of them does not count.
 *
 * @see <a href="https://github.com/huggingface/transformers/tree/v5.24.0/src/transformers/models">tokenization_*.py of each
 *     model</a>
 */
enum TokenizerClass {
    /** {@code TokenizersBackend}, once {@code PreTrainedTokenizerFast}: the file as it stands. */
    AS_WRITTEN(null, Prefix.AS_WRITTEN, false, false, DefaultNames.NONE),
    LLAMA(Pieces.SENTENCE_PIECE, Prefix.UNLESS_FALSE, false, false, DefaultNames.LLAMA),
    CODE_LLAMA(Pieces.SENTENCE_PIECE, Prefix.UNLESS_FALSE, false, false, DefaultNames.LLAMA),
    GEMMA(Pieces.SENTENCE_PIECE, Prefix.NEVER, false, false, DefaultNames.GEMMA),
    GPT2(Pieces.BYTE_LEVEL, Prefix.IF_TRUE, false, false, DefaultNames.GPT2),
    GPT_NEOX(Pieces.BYTE_LEVEL, Prefix.IF_TRUE, true, false, DefaultNames.GPT_NEOX),
    QWEN2(Pieces.BYTE_LEVEL, Prefix.IF_TRUE, true, true, DefaultNames.QWEN2),
    QWEN3_5(Pieces.BYTE_LEVEL, Prefix.IF_TRUE, true, false, DefaultNames.QWEN2),
    COHERE(Pieces.BYTE_LEVEL, Prefix.IF_TRUE, true, true, DefaultNames.COHERE);

    /** How a class reads the pieces, whatever the file says. */
    private enum Pieces {
        BYTE_LEVEL(new PieceDecoder.ByteLevel()),
        SENTENCE_PIECE(new PieceDecoder.SentencePiece("\u2581", true));

        private final PieceDecoder decoder;

        Pieces(PieceDecoder decoder) {
            this.decoder = decoder;
        }
    }

    /** When a class puts a space before a text, by {@code add_prefix_space} of {@code tokenizer_config.json}. */
    private enum Prefix {
        AS_WRITTEN,
        NEVER,
        IF_TRUE,
        UNLESS_FALSE
    }

    private final @Nullable Pieces pieces;
    private final Prefix prefix;
    private final boolean composes;
    private final boolean namedAreSpecial;
    private final Map<String, String> defaultNames;

    TokenizerClass(
            @Nullable Pieces pieces,
            Prefix prefix,
            boolean composes,
            boolean namedAreSpecial,
            Map<String, String> defaultNames) {
        this.pieces = pieces;
        this.prefix = prefix;
        this.composes = composes;
        this.namedAreSpecial = namedAreSpecial;
        this.defaultNames = defaultNames;
    }

    /** How it reads the pieces; null for the way that the file says. */
    @Nullable
    PieceDecoder pieceDecoder() {
        return pieces == null ? null : pieces.decoder;
    }

    /**
     * The bytes that it puts before the first word of a text.
     *
     * @param asWritten those of the file's own steps
     */
    byte[] dummyPrefix(JsonNode addPrefixSpace, byte[] asWritten) {
        boolean space = switch (prefix) {
            case AS_WRITTEN -> asWritten.length > 0;
            case NEVER -> false;
            case IF_TRUE -> addPrefixSpace.asBoolean(false);
            case UNLESS_FALSE -> addPrefixSpace.asBoolean(true);
        };
        byte[] bytes = prefix == Prefix.AS_WRITTEN ? asWritten : new byte[] {' '};
        return space ? bytes : new byte[0];
    }

    /** Whether its normalizer is NFC; else it has none that changes a text. Says nothing of {@link #AS_WRITTEN}. */
    boolean composes() {
        return composes;
    }

    /** Whether it makes every token that the files name a special one, also where they say that it is text. */
    boolean namedAreSpecial() {
        return namedAreSpecial;
    }

    /** Names by role, where no file has that role. */
    Map<String, String> defaultNames() {
        return defaultNames;
    }

    /** Of roles that only this class has: role and name, in the order in which those that are new are numbered. */
    List<Map.Entry<String, String>> furtherNames() {
        return this == CODE_LLAMA ? DefaultNames.CODE_LLAMA_FURTHER : List.of();
    }
}
