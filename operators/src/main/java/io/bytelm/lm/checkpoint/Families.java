package io.bytelm.lm.checkpoint;

import static java.util.Map.entry;

import io.bytelm.lm.ModelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The families of models that can be read, by the name that {@code config.json} gives in {@code architectures}. */
final class Families {
    /** Turns a configuration into a description. */
    @FunctionalInterface
    private interface Family {
        /** @throws ModelException if the configuration says what cannot be computed */
        ModelConfig describe(ConfigFile config);
    }

    private static final Map<String, Family> BY_CLASS_NAME = Map.ofEntries(
            entry("LlamaForCausalLM", Llama::describe),
            entry("MistralForCausalLM", Mistral::describe),
            entry("Qwen2ForCausalLM", Qwen2::describe),
            entry("Qwen3ForCausalLM", Qwen3::describe),
            entry("GemmaForCausalLM", Gemma::describe),
            entry("Gemma2ForCausalLM", Gemma2::describe),
            entry("Gemma3ForCausalLM", Gemma3::describe),
            entry("Gemma3ForConditionalGeneration", Gemma3::describeTextPart),
            entry("Phi3ForCausalLM", Phi3::describe),
            entry("Olmo2ForCausalLM", Olmo2::describe),
            entry("Olmo3ForCausalLM", Olmo3::describe),
            entry("SmolLM3ForCausalLM", SmolLm3::describe),
            entry("GraniteForCausalLM", Granite::describe),
            entry("GPTNeoXForCausalLM", GptNeoX::describe),
            entry("OPTForCausalLM", Opt::describe),
            entry("GPTJForCausalLM", GptJ::describe),
            entry("GPTNeoForCausalLM", GptNeo::describe),
            entry("StableLmForCausalLM", StableLm::describe),
            entry("Starcoder2ForCausalLM", Starcoder2::describe),
            entry("FalconForCausalLM", Falcon::describe),
            entry("CohereForCausalLM", Cohere::describe),
            entry("Cohere2ForCausalLM", Cohere::describe2),
            entry("PhiForCausalLM", Phi::describe),
            entry("SeedOssForCausalLM", SeedOss::describe),
            entry("Ernie4_5ForCausalLM", Ernie45::describe),
            entry("HeliumForCausalLM", Helium::describe),
            entry("MinistralForCausalLM", Mistral::describe),
            entry("MixtralForCausalLM", Mixtral::describe),
            entry("Qwen2MoeForCausalLM", Qwen2Moe::describe),
            entry("Qwen3MoeForCausalLM", Qwen3Moe::describe),
            entry("OlmoeForCausalLM", Olmoe::describe),
            entry("BloomForCausalLM", Bloom::describe),
            entry("MptForCausalLM", Mpt::describe),
            entry("MPTForCausalLM", Mpt::describe),
            entry("GPT2LMHeadModel", Gpt2::describe));

    private Families() {}

    /**
     * What a configuration says, and how.
     *
     * @param ignoredKeys those that change no probability
     */
    record Described(ModelConfig model, String className, List<String> ignoredKeys) {}

    static Described read(Path modelDirectory) {
        ModelDirectory.check(modelDirectory);
        ConfigFile config = ConfigFile.read(modelDirectory.resolve("config.json"));
        refuseQuantizedWeights(config);
        String className = config.value("architectures").path(0).asText("");
        Family family = BY_CLASS_NAME.get(className);
        if (family == null) {
            throw config.refusal((className.isEmpty()
                            ? "'architectures' is missing"
                            : "unsupported architecture '" + className + "'")
                    + (config.has("auto_map") ? ", which brings code of its own ('auto_map')" : "")
                    + "; supported are " + String.join(", ", new TreeSet<>(BY_CLASS_NAME.keySet())));
        }
        ModelConfig model = family.describe(config);
        return new Described(model, className, config.refuseUnknownKeys(HarmlessKeys.ALL));
    }

    private static void refuseQuantizedWeights(ConfigFile config) {
        for (String key : new String[] {"quantization_config", "compression_config"}) {
            if (config.has(key)) {
                ConfigFile quantization = config.object(key);
                String method = quantization.text("quant_method", "unknown");
                throw config.refusal(
                        key,
                        "says that the weights are quantized (method '" + method
                                + "'), which is not supported; use the model's unquantized checkpoint");
            }
        }
    }
}
