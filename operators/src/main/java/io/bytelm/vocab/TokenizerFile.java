package io.bytelm.vocab;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face {@code tokenizer.json}: byte-level BPE (GPT-2, Llama 3, Qwen2, SmolLM2), and BPE or Unigram in
 * SentencePiece's manner (Llama 2, Mistral, Gemma). Immutable.
 *
 * @param vocab the pieces of its model: ids by piece, or piece and score by id
 * @param addedTokens in the file's order
 * @param modelType such as {@code BPE}
 * @param decoder how its own steps make bytes of pieces
 */
record TokenizerFile(
        Path file,
        String modelType,
        JsonNode vocab,
        List<NumberedToken> addedTokens,
        TokenizerPipeline pipeline,
        PieceDecoder decoder) {
    /**
     * Reads the file, plain or gzipped.
     *
     * @throws VocabularyException if it is missing, damaged, contradicts itself, or is of a kind not supported
     */
    static TokenizerFile read(Path file) {
        return of(JsonFile.read(file, new WithoutMerges()), file);
    }

    /**
     * The same of a file that has been read.
     *
     * @param json not gzipped
     * @param name what messages call the file
     */
    static TokenizerFile read(byte[] json, Path name) {
        return of(JsonFile.read(json, name, new WithoutMerges()), name);
    }

    private static TokenizerFile of(JsonNode root, Path file) {
        JsonNode model = root.path("model");
        TokenizerPipeline pipeline = TokenizerPipeline.of(root);
        PieceDecoder decoder = pieceDecoder(file, model, pipeline);
        return new TokenizerFile(
                file,
                model.path("type").asText("BPE"),
                model.path("vocab"),
                addedTokens(file, root.path("added_tokens")),
                pipeline,
                decoder);
    }

    /** What it is, for people, such as {@code byte-level BPE}. */
    String kind() {
        return (decoder instanceof PieceDecoder.ByteLevel ? "byte-level " : "SentencePiece ") + modelType;
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

    /**
     * A table of the pieces alone.
     *
     * @throws VocabularyException if an id is of two tokens, added ones among them
     */
    TokenTable pieces() {
        TokenTable table = new TokenTable(file);
        if (vocab.isArray()) { // Unigram: [piece, score], the id is the position
            for (int id = 0; id < vocab.size(); id++) {
                table.addPiece(id, text(file, vocab.path(id).path(0), "model.vocab[" + id + "]"));
            }
        } else {
            vocab.properties().forEach(e -> table.addPiece(id(file, e.getValue(), "model.vocab"), e.getKey()));
        }
        requireNoIdTwice(table);
        return table;
    }

    private static List<NumberedToken> addedTokens(Path file, JsonNode addedTokens) {
        List<NumberedToken> tokens = new ArrayList<>();
        for (JsonNode token : addedTokens) {
            String content = text(file, token.path("content"), "added_tokens");
            long id = id(file, token.path("id"), "added_tokens");
            TokenTable.requirePossible(file, id, content);
            tokens.add(new NumberedToken(
                    (int) id, new AddedToken(content, token.path("special").asBoolean())));
        }
        return List.copyOf(tokens);
    }

    /** The library would number one of them anew; no published file says so. */
    private void requireNoIdTwice(TokenTable pieces) {
        Map<Integer, String> claimed = new HashMap<>();
        for (NumberedToken token : addedTokens) {
            String piece = pieces.nameOf(token.id());
            String before = claimed.putIfAbsent(
                    token.id(), piece.isEmpty() ? token.token().content() : piece);
            String other = before == null ? piece : before;
            if (!other.isEmpty() && !other.equals(token.token().content())) {
                throw TokenTable.twoTokens(
                        file, token.id(), other, token.token().content());
            }
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
