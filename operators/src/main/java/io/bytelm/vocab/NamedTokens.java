package io.bytelm.vocab;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.vocab.TokenizerSettings.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that the files beside {@code tokenizer.json} name, gathered as transformers 5.24 does. Where
 * {@code tokenizer_config.json} has {@code added_tokens_decoder}, that and nothing else counts; else
 * {@code special_tokens_map.json}, {@code added_tokens.json} and the file's own added tokens do.
 *
 * @param numbered those that stand under a number; the number is only their place in line
 * @param roles by role, such as {@code bos_token}, in the order in which those that are new are numbered
 * @param extra further ones, without a role
 * @see <a href="https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/tokenization_utils_base.py">
 *     _from_pretrained in tokenization_utils_base.py</a>
 */
record NamedTokens(SortedMap<Integer, AddedToken> numbered, Map<String, Role> roles, List<AddedToken> extra) {
    private static final String DECODER = "added_tokens_decoder";
    private static final String EXTRA = "extra_special_tokens";
    private static final String EXTRA_ONCE = "additional_special_tokens";
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    /**
     * @param source the file that names it; null for a name that only the class has
     */
    record Role(AddedToken token, @Nullable Source source) {}

    /** A value of a file. */
    private record Setting(JsonNode value, Source source) {}

    /**
     * @param ofFile the file's own added tokens
     * @throws VocabularyException if a file names what is no token
     */
    static NamedTokens of(TokenizerSettings files, TokenizerClass reader, List<NumberedToken> ofFile) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        put(settings, files.tokenizerConfig());
        if (settings.containsKey(EXTRA_ONCE) && !isThere(settings.get(EXTRA))) {
            settings.put(EXTRA, settings.remove(EXTRA_ONCE));
        }
        Map<String, Setting> ofModel = takeTokensOfModel(settings);
        SortedMap<Integer, AddedToken> numbered = new TreeMap<>();
        if (settings.containsKey(DECODER)) {
            readDecoder(settings.get(DECODER), numbered);
        } else {
            put(settings, files.specialTokensMap());
            readAddedTokens(files.addedTokens(), numbered);
            ofFile.forEach(token -> numbered.put(token.id(), token.token()));
        }
        return new NamedTokens(numbered, roles(settings, ofModel, reader), extra(settings));
    }

    private static void put(Map<String, Setting> settings, Source source) {
        source.content().properties().forEach(e -> settings.put(e.getKey(), new Setting(e.getValue(), source)));
    }

    private static boolean isThere(@Nullable Setting setting) {
        return setting != null && !setting.value().isNull() && !setting.value().isEmpty();
    }

    /** Tokens with roles that only some models have. */
    private static Map<String, Setting> takeTokensOfModel(Map<String, Setting> settings) {
        Map<String, Setting> taken = new LinkedHashMap<>();
        settings.forEach((key, setting) -> {
            if (isRoleOfModel(key) && setting.value().isTextual()) {
                taken.put(key, setting);
            }
        });
        settings.keySet().removeAll(taken.keySet());
        Setting extra = settings.get(EXTRA);
        if (extra != null && extra.value().isObject()) {
            extra.value().properties().forEach(e -> taken.put(e.getKey(), new Setting(e.getValue(), extra.source())));
            settings.remove(EXTRA);
        }
        return taken;
    }

    private static boolean isRoleOfModel(String key) {
        return key.endsWith("_token") && !ROLES.contains(key);
    }

    private static void readDecoder(Setting decoder, SortedMap<Integer, AddedToken> numbered) {
        for (Map.Entry<String, JsonNode> entry : decoder.value().properties()) {
            numbered.put(number(entry.getKey(), decoder.source()), token(DECODER, entry.getValue(), decoder.source()));
        }
    }

    private static int number(String text, Source source) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new VocabularyException(
                    source.file() + ": " + DECODER + " has the key " + Quoted.text(text) + ", which is no id", e);
        }
    }

    private static void readAddedTokens(Source file, SortedMap<Integer, AddedToken> numbered) {
        for (Map.Entry<String, JsonNode> entry : file.content().properties()) {
            if (!entry.getValue().canConvertToInt() || !entry.getValue().isIntegralNumber()) {
                throw new VocabularyException(file.file() + ": " + Quoted.text(entry.getKey())
                        + " has an id that is no whole number: " + entry.getValue());
            }
            numbered.put(entry.getValue().asInt(), new AddedToken(entry.getKey(), false));
        }
    }

    private static Map<String, Role> roles(
            Map<String, Setting> settings, Map<String, Setting> ofModel, TokenizerClass reader) {
        Map<String, Role> roles = new LinkedHashMap<>();
        for (String role : ROLES) {
            Setting setting = settings.get(role);
            String byClass = reader.defaultNames().get(role);
            if (setting != null) {
                putRole(roles, role, setting);
            } else if (byClass != null) {
                roles.put(role, new Role(new AddedToken(byClass, true), null));
            }
        }
        for (Map.Entry<String, String> further : reader.furtherNames()) {
            roles.put(further.getKey(), new Role(new AddedToken(further.getValue(), true), null));
        }
        settings.forEach((key, setting) -> {
            if (isRoleOfModel(key)
                    && (setting.value().isTextual() || setting.value().isObject())) {
                putRole(roles, key, setting);
            }
        });
        ofModel.forEach((key, setting) -> putRole(roles, key, setting));
        return roles;
    }

    private static void putRole(Map<String, Role> roles, String role, Setting setting) {
        if (!setting.value().isNull()) {
            roles.put(
                    role,
                    new Role(token(role, setting.value(), setting.source()).asSpecial(), setting.source()));
        }
    }

    private static List<AddedToken> extra(Map<String, Setting> settings) {
        Setting setting = settings.containsKey(EXTRA) ? settings.get(EXTRA) : settings.get(EXTRA_ONCE);
        List<AddedToken> extra = new ArrayList<>();
        if (setting != null) {
            setting.value().forEach(token -> extra.add(token(EXTRA, token, setting.source())));
        }
        return extra;
    }

    /** A name, which is special, or an object with {@code content}. */
    private static AddedToken token(String property, JsonNode value, Source source) {
        JsonNode name = value.isObject() ? value.path("content") : value;
        if (!name.isTextual()) {
            throw new VocabularyException(source.file() + ": " + property + " must be a token's name, not " + value);
        }
        return new AddedToken(
                name.asText(), value.isObject() ? value.path("special").asBoolean() : true);
    }
}
