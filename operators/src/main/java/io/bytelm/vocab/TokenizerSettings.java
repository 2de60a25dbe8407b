package io.bytelm.vocab;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files beside {@code tokenizer.json} that say something of tokens; each may be missing. */
record TokenizerSettings(
        Source config, Source generationConfig, Source tokenizerConfig, Source addedTokens, Source specialTokensMap) {
    /** A file and what it holds; an empty object if there is no such file. */
    record Source(Path file, JsonNode content) {
        static Source in(Path directory, String name) {
            Path file = directory.resolve(name);
            return new Source(
                    file,
                    Files.exists(file)
                            ? JsonFile.read(file, TokenFilter.INCLUDE_ALL)
                            : JsonNodeFactory.instance.objectNode());
        }
    }

    /** @throws VocabularyException if a file is damaged */
    static TokenizerSettings in(Path directory) {
        return new TokenizerSettings(
                Source.in(directory, "config.json"),
                Source.in(directory, "generation_config.json"),
                Source.in(directory, "tokenizer_config.json"),
                Source.in(directory, "added_tokens.json"),
                Source.in(directory, "special_tokens_map.json"));
    }

    /**
     * The number of the model's token ids, {@code vocab_size}, of a wrapper's text part where it stands there.
     *
     * @throws VocabularyException if it is absent or no number
     */
    int vocabularySize() {
        JsonNode size = ofModel("vocab_size");
        if (!size.canConvertToInt() || !size.isIntegralNumber() || size.asInt() < 1) {
            throw new VocabularyException(config.file() + ": vocab_size must be a whole number above 0"
                    + (size.isMissingNode() ? ", but it is absent" : ", not " + size));
        }
        return size.asInt();
    }

    /** A value of {@code config.json}, else of its {@code text_config}; a missing node if there is none. */
    JsonNode ofModel(String property) {
        JsonNode value = config.content().path(property);
        return value.isMissingNode() || value.isNull()
                ? config.content().path("text_config").path(property)
                : value;
    }
}
