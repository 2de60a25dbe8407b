package io.bytelm.vocab;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/**
 * Which class transformers 5.24 takes for a tokenizer: what {@code AutoTokenizer} decides for a directory without code of
 * its own and without mistral-common.
 *
 * @see <a href="https://github.com/huggingface/transformers/blob/v5.24.0/src/transformers/models/auto/tokenization_auto.py">
 *     tokenization_auto.py</a>
 */
final class TokenizerClassChoice {
    private static final String FAST = "Fast";
    private static final String LLAMA = "LlamaTokenizer";

    private static final Map<String, TokenizerClass> BY_NAME = Map.ofEntries(
            entry(LLAMA, TokenizerClass.LLAMA),
            entry("CodeLlamaTokenizer", TokenizerClass.CODE_LLAMA),
            entry("GemmaTokenizer", TokenizerClass.GEMMA),
            entry("GPT2Tokenizer", TokenizerClass.GPT2),
            entry("CodeGenTokenizer", TokenizerClass.GPT2),
            entry("GPTNeoXTokenizer", TokenizerClass.GPT_NEOX),
            entry("Qwen2Tokenizer", TokenizerClass.QWEN2),
            entry("Qwen3_5Tokenizer", TokenizerClass.QWEN3_5),
            entry("CohereTokenizer", TokenizerClass.COHERE));

    /** The class that is registered for a {@code model_type}. Llama, Falcon and others have none. */
    private static final Map<String, TokenizerClass> REGISTERED = Map.ofEntries(
            entry("cohere", TokenizerClass.COHERE),
            entry("cohere2", TokenizerClass.COHERE),
            entry("ernie4_5", TokenizerClass.AS_WRITTEN),
            entry("ernie4_5_moe", TokenizerClass.AS_WRITTEN),
            entry("gemma", TokenizerClass.GEMMA),
            entry("gemma2", TokenizerClass.GEMMA),
            entry("gemma3", TokenizerClass.GEMMA),
            entry("gemma3_text", TokenizerClass.GEMMA),
            entry("gemma3n", TokenizerClass.GEMMA),
            entry("gemma3n_text", TokenizerClass.GEMMA),
            entry("gpt2", TokenizerClass.GPT2),
            entry("gpt_bigcode", TokenizerClass.AS_WRITTEN),
            entry("gpt_neo", TokenizerClass.GPT2),
            entry("gpt_neox", TokenizerClass.GPT_NEOX),
            entry("gptj", TokenizerClass.GPT2),
            entry("granite", TokenizerClass.AS_WRITTEN),
            entry("granitemoe", TokenizerClass.AS_WRITTEN),
            entry("granitemoeshared", TokenizerClass.AS_WRITTEN),
            entry("internlm2", TokenizerClass.AS_WRITTEN),
            entry("internlm3", TokenizerClass.AS_WRITTEN),
            entry("minicpm3", TokenizerClass.AS_WRITTEN),
            entry("ministral", TokenizerClass.AS_WRITTEN),
            entry("ministral3", TokenizerClass.AS_WRITTEN),
            entry("mistral", TokenizerClass.AS_WRITTEN),
            entry("mistral3", TokenizerClass.AS_WRITTEN),
            entry("mixtral", TokenizerClass.AS_WRITTEN),
            entry("mpt", TokenizerClass.GPT_NEOX),
            entry("nemotron", TokenizerClass.AS_WRITTEN),
            entry("olmo", TokenizerClass.GPT_NEOX),
            entry("olmo2", TokenizerClass.AS_WRITTEN),
            entry("olmo3", TokenizerClass.AS_WRITTEN),
            entry("olmoe", TokenizerClass.GPT_NEOX),
            entry("opt", TokenizerClass.GPT2),
            entry("persimmon", TokenizerClass.AS_WRITTEN),
            entry("phi", TokenizerClass.GPT2),
            entry("phi3", TokenizerClass.AS_WRITTEN),
            entry("phimoe", TokenizerClass.AS_WRITTEN),
            entry("qwen2", TokenizerClass.QWEN2),
            entry("qwen2_moe", TokenizerClass.QWEN2),
            entry("qwen3", TokenizerClass.QWEN2),
            entry("qwen3_moe", TokenizerClass.QWEN2),
            entry("qwen3_next", TokenizerClass.QWEN2),
            entry("qwen3_5", TokenizerClass.QWEN3_5),
            entry("qwen3_5_text", TokenizerClass.QWEN3_5),
            entry("qwen3_5_moe", TokenizerClass.QWEN3_5),
            entry("qwen3_5_moe_text", TokenizerClass.QWEN3_5),
            entry("stablelm", TokenizerClass.AS_WRITTEN),
            entry("starcoder2", TokenizerClass.GPT2));

    /** Models of these types name wrong classes so often that theirs is taken whatever they name. */
    private static final Set<String> NAMED_WRONGLY = Set.of("qwen2", "qwen3_5", "qwen3_5_moe", "qwen3_5_moe_text");

    private TokenizerClassChoice() {}

    /**
     * @param byteLevel whether {@code tokenizer.json} has a ByteLevel step anywhere
     */
    static TokenizerClass of(JsonNode config, JsonNode tokenizerConfig, boolean byteLevel) {
        String modelType = config.path("model_type").asText("");
        String named = named(tokenizerConfig).isEmpty() ? named(config) : named(tokenizerConfig);
        TokenizerClass registered = REGISTERED.get(modelType);
        if (named.isEmpty()) {
            return registered == null ? TokenizerClass.AS_WRITTEN : registered;
        }
        if (!hasCodeOfItsOwn(tokenizerConfig)) {
            if (registered == TokenizerClass.AS_WRITTEN || registered != null && NAMED_WRONGLY.contains(modelType)) {
                return registered;
            }
            if (named.equals(LLAMA) && byteLevel) { // of Llama 3, whose published files name Llama 2's
                return TokenizerClass.AS_WRITTEN;
            }
        }
        return BY_NAME.getOrDefault(named, TokenizerClass.AS_WRITTEN);
    }

    private static String named(JsonNode configuration) {
        String name = configuration.path("tokenizer_class").asText("");
        return name.endsWith(FAST) ? name.substring(0, name.length() - FAST.length()) : name;
    }

    private static boolean hasCodeOfItsOwn(JsonNode tokenizerConfig) {
        JsonNode map = tokenizerConfig.path("auto_map");
        return map.isArray() || map.hasNonNull("AutoTokenizer");
    }
}
