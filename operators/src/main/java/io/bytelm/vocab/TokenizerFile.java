package io.bytelm.vocab;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a Hugging Face {@code tokenizer.json} says about the bytes of its tokens. Byte-level BPE (GPT-2, Llama 3, Qwen2,
 * SmolLM2), and BPE or Unigram in SentencePiece's manner (Llama 2, Mistral, Gemma). Immutable.
 */
public final class TokenizerFile {
    /** Where the file has no template that tells: the usual names of the token that texts begin with. */
    private static final List<String> USUAL_BOS_NAMES =
            List.of("<s>", "<|begin_of_text|>", "<bos>", "<|endoftext|>", "<|im_start|>");

    private final Path file;
    private final TokenTable table;
    private final List<Token> tokens;
    private final TokenizerPipeline pipeline;

    private TokenizerFile(Path file, TokenTable table, List<Token> tokens, TokenizerPipeline pipeline) {
        this.file = file;
        this.table = table;
        this.tokens = tokens;
        this.pipeline = pipeline;
    }

    /**
     * Reads the file, plain or gzipped.
     *
     * @throws VocabularyException if it is missing, damaged, contradicts itself, or is of a kind not supported
     */
    public static TokenizerFile read(Path file) {
        JsonNode root = JsonFile.read(file, new WithoutMerges());
        JsonNode model = root.path("model");
        TokenizerPipeline pipeline = TokenizerPipeline.of(root);
        PieceDecoder decoder = pieceDecoder(file, model, pipeline);
        TokenTable table = new TokenTable(file);
        addPieces(file, model.path("vocab"), table);
        addAddedTokens(file, root.path("added_tokens"), table);
        if (table.size() == 0) {
            throw new VocabularyException(file + ": has no tokens");
        }
        return new TokenizerFile(file, table, table.decode(decoder), pipeline);
    }

    private static PieceDecoder pieceDecoder(Path file, JsonNode model, TokenizerPipeline pipeline) {
        if (!model.isObject() || !model.path("vocab").isContainerNode()) {
            throw new VocabularyException(
                    file + ": is no tokenizer.json: it has no model with a vocab; is it another file of the model?");
        }
        JsonNode type = model.path("type"); // GPT-2's own file, of the oldest form, has none
        if (type.isTextual() && !type.asText().equals("BPE") && !type.asText().equals("Unigram")) {
            throw new VocabularyException(file + ": model type " + type.asText()
                    + " is not supported; byte-level BPE, SentencePiece BPE and Unigram are");
        }
        for (String option : List.of("end_of_word_suffix", "continuing_subword_prefix")) {
            if (!model.path(option).asText("").isEmpty()) {
                throw new VocabularyException(file + ": a BPE model with " + option
                        + " is not supported, its pieces do not tell their bytes");
            }
        }
        PieceDecoder decoder = pipeline.pieceDecoder(model);
        if (decoder == null) {
            throw new VocabularyException(file + ": neither a ByteLevel step nor SentencePiece's space marker or byte"
                    + " fallback tells what bytes the pieces stand for; such tokenizers are not supported");
        }
        return decoder;
    }

    private static void addPieces(Path file, JsonNode vocab, TokenTable table) {
        if (vocab.isArray()) { // Unigram: [piece, score], the id is the position
            for (int id = 0; id < vocab.size(); id++) {
                table.addPiece(id, text(file, vocab.path(id).path(0), "model.vocab[" + id + "]"));
            }
        } else {
            vocab.properties().forEach(e -> table.addPiece(id(file, e.getValue(), "model.vocab"), e.getKey()));
        }
    }

    private static void addAddedTokens(Path file, JsonNode addedTokens, TokenTable table) {
        for (JsonNode token : addedTokens) {
            table.addAddedToken(
                    id(file, token.path("id"), "added_tokens"),
                    text(file, token.path("content"), "added_tokens"),
                    token.path("special").asBoolean());
        }
    }

    private static long id(Path file, JsonNode id, String place) {
        if (!id.canConvertToLong() || !id.isIntegralNumber()) {
            throw new VocabularyException(file + ": " + place + " has an id that is no whole number: " + id);
        }
        return id.asLong();
    }

    private static String text(Path file, JsonNode text, String place) {
        if (!text.isTextual()) {
            throw new VocabularyException(file + ": " + place + " has an entry without text");
        }
        return text.asText();
    }

    /** The greatest token id and one. */
    public int size() {
        return tokens.size();
    }

    Path file() {
        return file;
    }

    /** What each id stands for, {@code [size]}; ids that the file leaves out are empty. */
    List<Token> tokens() {
        return tokens;
    }

    byte[] dummyPrefix() {
        return pipeline.dummyPrefix();
    }

    /** The id of the piece or added token with this name; null if there is none. */
    @Nullable
    Integer idOf(String name) {
        return table.idOf(name);
    }

    /**
     * The token that texts most likely begin with, for want of a model's configuration: the one that the post-processor's
     * template puts first, else the first of {@code <s>}, {@code <|begin_of_text|>}, {@code <bos>},
     * {@code <|endoftext|>}, {@code <|im_start|>} that is a token, else token 0.
     */
    int likelyBosToken() {
        Integer templateBos = pipeline.templateBosToken();
        if (templateBos != null && templateBos >= 0 && templateBos < size()) {
            return templateBos;
        }
        return USUAL_BOS_NAMES.stream()
                .flatMap(name -> Stream.ofNullable(idOf(name)))
                .findFirst()
                .orElse(0);
    }

    /** Leaves out {@code model.merges}: the largest part of many files, and the bytes do not depend on it. */
    private static final class WithoutMerges extends TokenFilter {
        @Override
        public TokenFilter includeProperty(String name) {
            return name.equals("model") ? new ModelWithoutMerges() : TokenFilter.INCLUDE_ALL;
        }
    }

    private static final class ModelWithoutMerges extends TokenFilter {
        @Override
        public @Nullable TokenFilter includeProperty(String name) {
            return name.equals("merges") ? null : TokenFilter.INCLUDE_ALL;
        }
    }
}
