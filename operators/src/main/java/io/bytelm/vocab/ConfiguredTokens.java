package io.bytelm.vocab;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the BOS and EOS tokens in a model's two configuration files. Where both speak, {@code tokenizer_config.json}
 * decides on BOS, because it is what the Hugging Face tokenizer obeys, and {@code config.json} on EOS, because it lists
 * all that end a text.
 *
 * @param tokenizerConfig missing if there is no such file
 * @param size the model's number of token ids
 */
record ConfiguredTokens(
        Path configFile,
        JsonNode config,
        Path tokenizerConfigFile,
        JsonNode tokenizerConfig,
        TokenizerFile tokenizer,
        int size) {

    SpecialTokens read() {
        List<Integer> eos = numbered("eos_token_id");
        if (eos.isEmpty()) {
            eos = named("eos_token");
        }
        List<Integer> bos = named("bos_token");
        if (bos.isEmpty()) {
            bos = numbered("bos_token_id");
        }
        if (bos.isEmpty()) {
            List<Integer> namedEos = named("eos_token");
            bos = namedEos.isEmpty() ? eos : namedEos;
        }
        if (bos.isEmpty()) {
            throw new VocabularyException(configFile + ": neither it nor " + tokenizerConfigFile.getFileName()
                    + " says which token a context begins with; set bos_token_id");
        }
        return new SpecialTokens(bos.get(0), eos);
    }

    /** The token that {@code tokenizer_config.json} names: a string, or an object with {@code content}. */
    private List<Integer> named(String property) {
        JsonNode value = tokenizerConfig.path(property);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        JsonNode name = value.isObject() ? value.path("content") : value;
        if (!name.isTextual()) {
            throw new VocabularyException(
                    tokenizerConfigFile + ": " + property + " must be a token's name, not " + value);
        }
        Integer id = tokenizer.idOf(name.asText());
        if (id == null) {
            throw new VocabularyException(tokenizerConfigFile + ": " + property + " " + name + " is not a token of "
                    + tokenizer.file() + "; take both files from the same model");
        }
        return List.of(id);
    }

    /** The ids that {@code config.json} gives: a number, or a list of numbers. */
    private List<Integer> numbered(String property) {
        JsonNode value = config.path(property);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            if (!id.canConvertToInt() || !id.isIntegralNumber() || id.asInt() < 0 || id.asInt() >= size) {
                throw new VocabularyException(configFile + ": " + property + " " + id + " is not an id of the model's "
                        + size + " tokens (vocab_size)");
            }
            ids.add(id.asInt());
        }
        return ids;
    }
}
