package io.bytelm.vocab;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the BOS and EOS tokens in a model's configuration files. On BOS {@code tokenizer_config.json} decides, because it
 * is what the Hugging Face tokenizer obeys; on EOS {@code generation_config.json}, because it is what ends a text in
 * transformers, and then {@code config.json}, because it lists all that do.
 *
 * @param size the model's number of token ids
 */
record ConfiguredTokens(
        Config config, Config generationConfig, Config tokenizerConfig, TokenizerFile tokenizer, int size) {
    /** A file and what it holds; missing if there is no such file. */
    record Config(Path file, JsonNode content) {}

    SpecialTokens read() {
        List<Integer> eosOfModel = numbered(config, "eos_token_id");
        if (eosOfModel.isEmpty()) {
            eosOfModel = named("eos_token");
        }
        List<Integer> eosOfTexts = numbered(generationConfig, "eos_token_id");
        List<Integer> bos = named("bos_token");
        if (bos.isEmpty()) {
            bos = numbered(config, "bos_token_id");
        }
        if (bos.isEmpty()) {
            List<Integer> namedEos = named("eos_token");
            bos = namedEos.isEmpty() ? eosOfModel : namedEos;
        }
        if (bos.isEmpty()) {
            throw new VocabularyException(config.file() + ": neither it nor "
                    + tokenizerConfig.file().getFileName()
                    + " says which token a context begins with; set bos_token_id");
        }
        return new SpecialTokens(bos.get(0), eosOfTexts.isEmpty() ? eosOfModel : eosOfTexts);
    }

    /** The token that {@code tokenizer_config.json} names: a string, or an object with {@code content}. */
    private List<Integer> named(String property) {
        JsonNode value = tokenizerConfig.content().path(property);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        JsonNode name = value.isObject() ? value.path("content") : value;
        if (!name.isTextual()) {
            throw new VocabularyException(
                    tokenizerConfig.file() + ": " + property + " must be a token's name, not " + value);
        }
        Integer id = tokenizer.idOf(name.asText());
        if (id == null) {
            throw new VocabularyException(tokenizerConfig.file() + ": " + property + " " + name + " is not a token of "
                    + tokenizer.file() + "; take both files from the same model");
        }
        return List.of(id);
    }

    /** The ids that a configuration gives: a number, or a list of numbers. */
    private List<Integer> numbered(Config source, String property) {
        JsonNode value = source.content().path(property);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            if (!id.canConvertToInt() || !id.isIntegralNumber() || id.asInt() < 0 || id.asInt() >= size) {
                throw new VocabularyException(source.file() + ": " + property + " " + id
                        + " is not an id of the model's " + size + " tokens (vocab_size)");
            }
            ids.add(id.asInt());
        }
        return ids;
    }
}
