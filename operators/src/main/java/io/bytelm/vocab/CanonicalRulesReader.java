package io.bytelm.vocab;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.vocab.bpe.CanonicalPairs;
import io.bytelm.vocab.bpe.MergeTable;
import io.bytelm.vocab.cuts.Pretokenizer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a {@code tokenizer.json} how its tokenizer writes each text: byte-level BPE, and BPE in SentencePiece's manner
 * with a token for every byte. The steps around the model are those of the file as it stands.
 */
public final class CanonicalRulesReader {
    private final Path file;
    private final TokenizerFile tokenizer;
    private final JsonNode model;
    private final Map<String, Integer> ids = new HashMap<>();

    private CanonicalRulesReader(Path file, TokenizerFile tokenizer, JsonNode model) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.model = model;
    }

    /**
     * The rules of the {@code tokenizer.json} (or {@code tokenizer.json.gz}) of a model directory.
     *
     * @param vocabulary that of the model
     * @throws VocabularyException if the file is missing or damaged, or its texts cannot be followed; the message says why
     */
    public static CanonicalRules fromModelDirectory(Path directory, Vocabulary vocabulary) {
        return fromTokenizerFile(VocabularyReader.tokenizerFile(directory), vocabulary);
    }

    /** The same for a {@code tokenizer.json}, plain or gzipped. */
    public static CanonicalRules fromTokenizerFile(Path file, Vocabulary vocabulary) {
        JsonNode root = JsonFile.read(file, new WithoutVocabulary());
        return rules(file, TokenizerFile.read(file), root, vocabulary);
    }

    /**
     * The same of the text of a {@code tokenizer.json}.
     *
     * @param json not gzipped
     * @param name what messages call the file
     */
    public static CanonicalRules fromTokenizerJson(byte[] json, Path name, Vocabulary vocabulary) {
        JsonNode root = JsonFile.read(json, name, new WithoutVocabulary());
        return rules(name, TokenizerFile.read(json, name), root, vocabulary);
    }

    /**
     * The text of the {@code tokenizer.json} (or {@code tokenizer.json.gz}) of a model directory, not gzipped.
     *
     * @throws VocabularyException if it is missing or unreadable
     */
    public static byte[] tokenizerJson(Path directory) {
        return JsonFile.bytes(VocabularyReader.tokenizerFile(directory));
    }

    private static CanonicalRules rules(Path file, TokenizerFile tokenizer, JsonNode root, Vocabulary vocabulary) {
        return new CanonicalRulesReader(file, tokenizer, root.path("model"))
                .read(vocabulary, root.path("added_tokens"));
    }

    private CanonicalRules read(Vocabulary vocabulary, JsonNode addedTokens) {
        requireEncodingByPairs();
        Tokenizer named = Tokenizer.of(tokenizer); // first: it refuses ids that are none
        tokenizer
                .vocab()
                .properties()
                .forEach(piece -> ids.put(piece.getKey(), piece.getValue().asInt()));
        PieceSymbols symbols = symbols();
        int[][] ofTokens = new int[vocabulary.size()][];
        BitSet pieces = new BitSet();
        ids.forEach((piece, id) -> {
            if (id < ofTokens.length) {
                ofTokens[id] = symbols.of(piece);
                pieces.set(id);
            }
        });
        Pretokenizer pretokenizer = new PretokenizerReader(file).read(tokenizer.pipeline());
        return new CanonicalRules(
                vocabulary,
                CanonicalPairs.of(merges(vocabulary.size()), ofTokens),
                pretokenizer,
                new AddedTokensReader(
                                file,
                                vocabulary,
                                !tokenizer.pipeline().normalizers().isEmpty())
                        .read(addedTokens, named),
                model.path("ignore_merges").asBoolean() ? pieces : new BitSet(),
                symbols instanceof PieceSymbols.OfCharacters ofCharacters ? ofCharacters.characters() : new BitSet(),
                tokenizer.pipeline().normalizers().stream()
                        .anyMatch(step -> step.path("type").asText().equals("NFC")));
    }

    private void requireEncodingByPairs() {
        String type = model.path("type").asText("BPE");
        if (!type.equals("BPE")) {
            throw new VocabularyException(file + ": canonical tokenizations of a " + type
                    + " model are not followed: it chooses tokens by the score of the whole text, not pair by pair");
        }
        if (model.path("dropout").asDouble() > 0) {
            throw new VocabularyException(
                    file + ": has a dropout: its merges are left out at random, so no tokenization is canonical");
        }
    }

    private PieceSymbols symbols() {
        if (tokenizer.decoder() instanceof PieceDecoder.ByteLevel) {
            return new PieceSymbols.OfBytes(ids);
        }
        PieceSymbols.OfCharacters characters = PieceSymbols.OfCharacters.of(ids, tokenizer.pipeline());
        int missing = characters.missingByte();
        if (missing >= 0) {
            throw new VocabularyException(
                    file + ": canonical tokenizations are not followed without a token for every" + " byte: "
                            + PieceSymbols.nameOfByte(missing) + " is missing, so some texts are written as unknown");
        }
        return characters;
    }

    private MergeTable merges(int size) {
        JsonNode listed = model.path("merges");
        int[] lefts = new int[listed.size()];
        int[] rights = new int[listed.size()];
        int[] results = new int[listed.size()];
        for (int rank = 0; rank < lefts.length; rank++) {
            List<String> pair = pair(listed.get(rank));
            lefts[rank] = id(pair.get(0), rank, size);
            rights[rank] = id(pair.get(1), rank, size);
            results[rank] = id(pair.get(0) + pair.get(1), rank, size);
        }
        return new MergeTable(lefts, rights, results);
    }

    private List<String> pair(JsonNode merge) {
        List<String> parts = merge.isArray()
                ? List.of(merge.path(0).asText(), merge.path(1).asText())
                : List.of(merge.asText().split(" ", -1));
        if (parts.size() != 2) {
            throw new VocabularyException(file + ": merge " + Quoted.text(merge.asText()) + " is not of two pieces");
        }
        return parts;
    }

    private int id(String piece, int rank, int size) {
        Integer id = ids.get(piece);
        if (id == null || id >= size) {
            throw new VocabularyException(file + ": merge " + rank + " is of " + Quoted.text(piece)
                    + (id == null ? ", which is no piece" : ", for which the model has no row"));
        }
        return id;
    }

    /** Leaves out the vocabulary, which is read elsewhere. */
    private static final class WithoutVocabulary extends TokenFilter {
        @Override
        public @Nullable TokenFilter includeProperty(String name) {
            return name.equals("model") || name.equals("added_tokens") ? new ModelWithoutVocabulary() : null;
        }
    }

    private static final class ModelWithoutVocabulary extends TokenFilter {
        @Override
        public @Nullable TokenFilter includeProperty(String name) {
            return name.equals("vocab") ? null : TokenFilter.INCLUDE_ALL;
        }
    }
}
