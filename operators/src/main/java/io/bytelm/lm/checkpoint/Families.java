package io.bytelm.lm.checkpoint;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** The families of models that can be read, by the name that {@code config.json} gives in {@code architectures}. */
final class Families {
    /**
     * Turns a configuration into a description.
     *
     * @param modelType what {@code model_type} says: transformers' automatic classes go by it, not by the class name
     * @param describe throws {@link io.bytelm.lm.ModelException} if the configuration says what cannot be computed
     * @param mxfp4 whether weights may be in MXFP4
     */
    private record Family(String modelType, Function<ConfigFile, ModelConfig> describe, boolean mxfp4) {}

    private static final Map<String, Family> BY_CLASS_NAME = Map.ofEntries(
            family("LlamaForCausalLM", "llama", Llama::describe),
            family("MistralForCausalLM", "mistral", Mistral::describe),
            family("Qwen2ForCausalLM", "qwen2", Qwen2::describe),
            family("Qwen3ForCausalLM", "qwen3", Qwen3::describe),
            family("Qwen3_5ForCausalLM", "qwen3_5_text", Qwen35::describe),
            family("Qwen3_5ForConditionalGeneration", "qwen3_5", Qwen35::describeTextPart),
            family("Qwen3_5MoeForCausalLM", "qwen3_5_moe_text", Qwen35::describeMoe),
            family("Qwen3_5MoeForConditionalGeneration", "qwen3_5_moe", Qwen35::describeMoeTextPart),
            family("Qwen3NextForCausalLM", "qwen3_next", Qwen3Next::describe),
            family("ArceeForCausalLM", "arcee", Arcee::describe),
            family("OlmoForCausalLM", "olmo", Olmo::describe),
            family("CwmForCausalLM", "cwm", Cwm::describe),
            family("GemmaForCausalLM", "gemma", Gemma::describe),
            family("Gemma2ForCausalLM", "gemma2", Gemma2::describe),
            family("Gemma3ForCausalLM", "gemma3_text", Gemma3::describe),
            family("Gemma3ForConditionalGeneration", "gemma3", Gemma3::describeTextPart),
            family("Phi3ForCausalLM", "phi3", Phi3::describe),
            family("Olmo2ForCausalLM", "olmo2", Olmo2::describe),
            family("Olmo3ForCausalLM", "olmo3", Olmo3::describe),
            family("SmolLM3ForCausalLM", "smollm3", SmolLm3::describe),
            family("GraniteForCausalLM", "granite", Granite::describe),
            family("GPTNeoXForCausalLM", "gpt_neox", GptNeoX::describe),
            family("OPTForCausalLM", "opt", Opt::describe),
            family("GPTJForCausalLM", "gptj", GptJ::describe),
            family("GPTNeoForCausalLM", "gpt_neo", GptNeo::describe),
            family("StableLmForCausalLM", "stablelm", StableLm::describe),
            family("Starcoder2ForCausalLM", "starcoder2", Starcoder2::describe),
            family("FalconForCausalLM", "falcon", Falcon::describe),
            family("CohereForCausalLM", "cohere", Cohere::describe),
            family("Cohere2ForCausalLM", "cohere2", Cohere::describe2),
            family("PhiForCausalLM", "phi", Phi::describe),
            family("SeedOssForCausalLM", "seed_oss", SeedOss::describe),
            family("Ernie4_5ForCausalLM", "ernie4_5", Ernie45::describe),
            family("HeliumForCausalLM", "helium", Helium::describe),
            family("MinistralForCausalLM", "ministral", Mistral::describeMinistral),
            family("GlmForCausalLM", "glm", Glm::describe),
            family("Glm4ForCausalLM", "glm4", Glm::describe4),
            family("NemotronForCausalLM", "nemotron", Nemotron::describe),
            family("ExaoneForCausalLM", "exaone", Exaone::describe),
            family("InternLM3ForCausalLM", "internlm3", InternLm3::describe),
            family("Exaone4ForCausalLM", "exaone4", Exaone4::describe),
            family("Mistral3ForConditionalGeneration", "mistral3", Mistral::describeTextPart),
            family("MixtralForCausalLM", "mixtral", Mixtral::describe),
            family("Qwen2MoeForCausalLM", "qwen2_moe", Qwen2Moe::describe),
            family("Qwen3MoeForCausalLM", "qwen3_moe", Qwen3Moe::describe),
            family("OlmoeForCausalLM", "olmoe", Olmoe::describe),
            family("BloomForCausalLM", "bloom", Bloom::describe),
            family("MptForCausalLM", "mpt", Mpt::describe),
            family("MPTForCausalLM", "mpt", Mpt::describe),
            family("ApertusForCausalLM", "apertus", Apertus::describe),
            family("GPTBigCodeForCausalLM", "gpt_bigcode", GptBigCode::describe),
            family("HunYuanDenseV1ForCausalLM", "hunyuan_v1_dense", HunYuan::describe),
            family("CodeGenForCausalLM", "codegen", CodeGen::describe),
            family("VaultGemmaForCausalLM", "vaultgemma", VaultGemma::describe),
            family("GraniteMoeForCausalLM", "granitemoe", GraniteMoe::describe),
            family("GraniteMoeHybridForCausalLM", "granitemoehybrid", GraniteMoe::describeHybrid),
            family("Glm4MoeForCausalLM", "glm4_moe", Glm4Moe::describe),
            family("Dots1ForCausalLM", "dots1", Dots1::describe),
            family("PhimoeForCausalLM", "phimoe", PhiMoe::describe),
            family("Ernie4_5_MoeForCausalLM", "ernie4_5_moe", Ernie45Moe::describe),
            entry("GptOssForCausalLM", new Family("gpt_oss", GptOss::describe, true)),
            family("GPT2LMHeadModel", "gpt2", Gpt2::describe));

    private Families() {}

    private static Map.Entry<String, Family> family(
            String className, String modelType, Function<ConfigFile, ModelConfig> describe) {
        return entry(className, new Family(modelType, describe, false));
    }

    /**
     * What a configuration says, and how.
     *
     * @param ignoredKeys those that change no probability
     */
    record Described(ModelConfig model, String className, List<String> ignoredKeys) {}

    static Described read(Path modelDirectory) {
        ModelDirectory.check(modelDirectory);
        ConfigFile config = ConfigFile.read(modelDirectory.resolve("config.json"));
        String className = config.value("architectures").path(0).asText("");
        Family family = BY_CLASS_NAME.get(className);
        Quantization.check(config, family != null && family.mxfp4());
        if (family == null) {
            throw config.refusal((className.isEmpty()
                            ? "'architectures' is missing"
                            : "unsupported architecture '" + className + "'")
                    + (config.has("auto_map") ? ", which brings code of its own ('auto_map')" : "")
                    + "; supported are " + String.join(", ", new TreeSet<>(BY_CLASS_NAME.keySet())));
        }
        config.require("model_type", family.modelType(), family.modelType());
        ModelConfig model = family.describe().apply(config.withDefaults(DefaultSizes.of(family.modelType())));
        return new Described(
                model.withFilledIn(config.filledIn()), className, config.refuseUnknownKeys(HarmlessKeys.ALL));
    }
}
