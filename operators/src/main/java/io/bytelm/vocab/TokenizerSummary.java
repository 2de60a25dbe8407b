package io.bytelm.vocab;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a tokenizer, for people.
 *
 * @param kind such as {@code byte-level BPE}
 * @param tokens how many ids have a token
 * @param beyond how many of these are above the rows that the model has
 * @param added how many tokens were added to those of its model
 */
public record TokenizerSummary(String kind, int tokens, int beyond, int added) {
    /**
     * Reads the {@code tokenizer.json} (or {@code tokenizer.json.gz}) of a model directory.
     *
     * @param rows how many ids the model's output has
     * @throws VocabularyException if it is missing or damaged
     */
    public static TokenizerSummary ofModelDirectory(Path directory, int rows) {
        JsonNode root = JsonFile.read(VocabularyReader.tokenizerFile(directory), new WithoutMerges());
        JsonNode model = root.path("model");
        JsonNode pieces = model.path("vocab");
        BitSet ids = new BitSet();
        if (pieces.isArray()) {
            ids.set(0, pieces.size()); // Unigram: the id is the position
        } else {
            pieces.forEach(id -> ids.set(id.asInt()));
        }
        root.path("added_tokens").forEach(token -> ids.set(token.path("id").asInt()));
        boolean byteLevel = TokenizerPipeline.of(root).pieceDecoder(model) instanceof PieceDecoder.ByteLevel;
        return new TokenizerSummary(
                (byteLevel ? "byte-level " : "SentencePiece ")
                        + model.path("type").asText("BPE"),
                ids.cardinality(),
                ids.get(rows, Math.max(rows, ids.length())).cardinality(),
                root.path("added_tokens").size());
    }

    /** Leaves out the largest part of many files. */
    private static final class WithoutMerges extends TokenFilter {
        @Override
        public @Nullable TokenFilter includeProperty(String name) {
            return name.equals("model") ? this : name.equals("merges") ? null : TokenFilter.INCLUDE_ALL;
        }
    }
}
