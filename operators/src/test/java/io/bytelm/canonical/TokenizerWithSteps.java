package io.bytelm.canonical;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tokenizer of a model directory with another pretokenizer. */
final class TokenizerWithSteps {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerWithSteps() {}

    static CanonicalRules of(Path directory, String preTokenizer, Vocabulary vocabulary) {
        try {
            ObjectNode tokenizer = (ObjectNode)
                    JSON.readTree(directory.resolve("tokenizer.json").toFile());
            tokenizer.set("pre_tokenizer", JSON.readTree(preTokenizer));
            Path file = Files.createTempFile("tokenizer", ".json");
            JSON.writeValue(file.toFile(), tokenizer);
            CanonicalRules rules = CanonicalRulesReader.fromTokenizerFile(file, vocabulary);
            Files.delete(file);
            return rules;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
