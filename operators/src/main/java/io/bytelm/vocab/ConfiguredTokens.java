package io.bytelm.vocab;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.vocab.NamedTokens.Role;
import io.bytelm.vocab.TokenizerSettings.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the BOS and EOS tokens in a model's files. On BOS the tokenizer's decide, because the texts that a model learned
 * from were made with it; on EOS {@code generation_config.json}, because it is what ends a text in transformers, and then
 * {@code config.json}, because it lists all that do.
 *
 * @param rows the model's number of token ids
 */
record ConfiguredTokens(TokenizerSettings settings, Tokenizer tokenizer, int rows) {
    private static final String BOS = "bos_token";
    private static final String EOS = "eos_token";

    /**
     * @param choice what the user wants BOS to be; null if that is left to the files
     * @param notices what there is to say about them is added
     */
    SpecialTokens read(@Nullable BosChoice choice, List<String> notices) {
        List<Integer> eosOfModel =
                withRow(numbered(settings.config(), settings.ofModel("eos_token_id"), "eos_token_id"), notices);
        List<Integer> eosOfTokenizer = withRow(named(EOS), notices);
        List<Integer> eos = eosOfModel.isEmpty() ? eosOfTokenizer : eosOfModel;
        List<Integer> eosOfTexts = withRow(ofGeneration("eos_token_id"), notices);
        List<Integer> likeBos = eosOfTokenizer.isEmpty() ? eosOfModel : eosOfTokenizer;
        int bos = choice == null ? bos(likeBos, notices) : choice.of(tokenizer, rows);
        return new SpecialTokens(bos, eosOfTexts.isEmpty() ? eos : eosOfTexts);
    }

    private int bos(List<Integer> eos, List<String> notices) {
        List<Integer> bos = named(BOS);
        if (bos.isEmpty()) {
            bos = numbered(settings.config(), settings.ofModel("bos_token_id"), "bos_token_id");
        }
        if (bos.isEmpty()) {
            bos = ofGeneration("bos_token_id");
        }
        if (!bos.isEmpty()) {
            return requireRow(bos.get(0));
        }
        String nobody = "none of tokenizer_config.json, config.json and generation_config.json names a BOS token";
        if (eos.isEmpty()) {
            throw new VocabularyException(settings.config().file() + ": " + nobody
                    + " (bos_token_id), nor an EOS token to begin contexts with; give one with --bos");
        }
        notices.add(nobody + ": contexts begin with EOS, " + eos.get(0) + " "
                + Quoted.text(tokenizer.nameOf(eos.get(0))) + "; --bos gives another token");
        return eos.get(0);
    }

    private int requireRow(int bos) {
        if (bos >= rows) {
            Role role = tokenizer.role(BOS);
            Source source = role == null || role.source() == null ? settings.config() : role.source();
            throw new VocabularyException(source.file() + ": the BOS token " + Quoted.text(tokenizer.nameOf(bos))
                    + " is id " + bos + ", but the model has rows for " + rows
                    + " tokens only (vocab_size); give another one with --bos");
        }
        return bos;
    }

    /** A token that the model cannot say ends nothing. */
    private List<Integer> withRow(List<Integer> eos, List<String> notices) {
        for (int id : eos) {
            String notice = "the EOS token " + id + " " + Quoted.text(tokenizer.nameOf(id))
                    + " has no row in the model, which can never end with it";
            if (id >= rows && !notices.contains(notice)) {
                notices.add(notice);
            }
        }
        return eos.stream().filter(id -> id < rows).toList();
    }

    /** The token that the tokenizer has under a role. */
    private List<Integer> named(String property) {
        Role role = tokenizer.role(property);
        Integer id = role == null ? null : tokenizer.idOf(role.token().content());
        return id == null ? List.of() : List.of(id);
    }

    private List<Integer> ofGeneration(String property) {
        return numbered(
                settings.generationConfig(),
                settings.generationConfig().content().path(property),
                property);
    }

    /** The ids that a configuration gives: a number, or a list of numbers. */
    private List<Integer> numbered(Source source, JsonNode value, String property) {
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            if (!id.canConvertToInt()
                    || !id.isIntegralNumber()
                    || id.asInt() < 0
                    || id.asInt() >= Math.max(rows, tokenizer.size())) {
                throw new VocabularyException(source.file() + ": " + property + " " + id
                        + " is not an id of the model's " + rows + " tokens (vocab_size)");
            }
            ids.add(id.asInt());
        }
        return ids;
    }
}
