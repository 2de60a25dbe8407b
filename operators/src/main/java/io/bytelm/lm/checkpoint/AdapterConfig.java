package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.lm.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What {@code adapter_config.json} says of a LoRA adapter: how its matrices are scaled, and what stands for whole modules.
 * Source: peft 0.21, {@code LoraConfig} and {@code LoraLayer}. Which modules are changed is seen in the weights.
 */
final class AdapterConfig {
    /** Training, and what only chooses the modules, which the weights name. */
    private static final Set<String> HARMLESS = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "revision",
            "peft_version",
            "task_type",
            "inference_mode",
            "lora_dropout",
            "target_modules",
            "exclude_modules",
            "layers_to_transform",
            "layers_pattern",
            "bias",
            "fan_in_fan_out",
            "lora_bias",
            "megatron_core",
            "qalora_group_size",
            "runtime_config",
            "loftq_config",
            "eva_config",
            "corda_config",
            "lora_ga_config",
            "ensure_weight_tying");

    /** Variants that are no sum of a matrix and a product of two; absent, null, false or empty where they are off. */
    private static final List<String> VARIANTS = List.of(
            "alora_invocation_tokens",
            "arrow_config",
            "kasa_config",
            "layer_replication",
            "megatron_config",
            "monteclora_config",
            "target_parameters",
            "use_bdlora",
            "use_qalora",
            "velora_config");

    /** Initial values that leave the model's own weights as they are. */
    private static final Set<String> PLAIN_STARTS = Set.of("true", "false", "gaussian", "eva", "orthogonal", "mica");

    private final ConfigFile config;
    private final int rank;
    private final double alpha;
    private final boolean byRoot;
    private final List<Matched> ranks;
    private final List<Matched> alphas;

    /** A number for the modules that a pattern matches. */
    private record Matched(Pattern modules, double number) {}

    private AdapterConfig(ConfigFile config) {
        this.config = config;
        this.rank = config.positiveInt("r", 8);
        this.alpha = config.positiveNumber("lora_alpha", 8);
        this.byRoot = config.flag("use_rslora", false);
        this.ranks = patterns("rank_pattern");
        this.alphas = patterns("alpha_pattern");
    }

    /** @throws ModelException if there is no adapter, or one that cannot be merged exactly */
    static AdapterConfig read(Path directory) {
        Path file = directory.resolve(ModelLocation.ADAPTER_CONFIG);
        if (!Files.exists(file)) {
            throw new ModelException(file + ": no such file; --adapter takes a directory in peft's format, with "
                    + ModelLocation.ADAPTER_CONFIG + " and " + Adapter.WEIGHTS);
        }
        ConfigFile config = ConfigFile.read(file);
        String type = config.text("peft_type", "missing");
        if (!type.equals("LORA")) {
            throw config.refusal(
                    "peft_type",
                    "is '" + type + "'; supported: LORA. What peft can merge, it merges into a"
                            + " model of its own (merge_and_unload, save_pretrained): give that one");
        }
        String start = config.text("init_lora_weights", "true");
        if (!PLAIN_STARTS.contains(start)) {
            throw config.refusal(
                    "init_lora_weights",
                    "is '" + start + "', which changes the model's own weights as well;"
                            + " convert it to a plain LoRA (peft: save_pretrained with path_initial_model_for_weight_conversion)");
        }
        for (String key : VARIANTS) {
            refuseVariant(config, key);
        }
        AdapterConfig read = new AdapterConfig(config);
        List.of("use_dora", "modules_to_save", "trainable_token_indices").forEach(config::ignore);
        config.refuseUnknownKeys(HARMLESS);
        return read;
    }

    private static void refuseVariant(ConfigFile config, String key) {
        JsonNode value = config.value(key);
        boolean off = value.isMissingNode()
                || value.isNull()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isContainerNode() && value.isEmpty());
        if (!off) {
            throw config.refusal(
                    key,
                    "is set, a variant of LoRA that is not supported; merge the adapter with peft"
                            + " (merge_and_unload, save_pretrained) and give the result as --model");
        }
        config.ignore(key);
    }

    private List<Matched> patterns(String key) {
        List<Matched> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : config.value(key).properties()) {
            double number = entry.getValue().asDouble(-1);
            if (!(number > 0)) {
                throw config.refusal(
                        key, "gives '" + entry.getKey() + "' " + entry.getValue() + ", no positive number");
            }
            try {
                found.add(new Matched(Pattern.compile("(.*\\.)?(" + entry.getKey() + ")"), number));
            } catch (PatternSyntaxException e) {
                throw config.refusal(
                        key, "has '" + entry.getKey() + "', which is no regular expression: " + e.getDescription());
            }
        }
        config.ignore(key);
        return found;
    }

    private static double first(List<Matched> patterns, String module, double otherwise) {
        return patterns.stream()
                .filter(matched -> matched.modules().matcher(module).matches())
                .findFirst()
                .map(Matched::number)
                .orElse(otherwise);
    }

    /** @param module the path of a module in the model */
    int rank(String module) {
        return (int) first(ranks, module, rank);
    }

    /** What a module's product is multiplied by. */
    double scale(String module) {
        double numerator = first(alphas, module, alpha);
        return byRoot ? numerator / Math.sqrt(rank(module)) : numerator / rank(module);
    }

    /** Whether a module was trained as a copy, apart from what it is tied to. */
    boolean isSaved(String module) {
        for (JsonNode name : config.value("modules_to_save")) {
            if (module.endsWith(name.asText())) {
                return true;
            }
        }
        return false;
    }

    /** The tokens whose rows were trained: a list, of the embedding, or one for each name of a module. */
    int[] tokenIds(String module) {
        JsonNode ids = config.value("trainable_token_indices");
        if (ids.isObject()) {
            for (Map.Entry<String, JsonNode> entry : ids.properties()) {
                if (module.equals(entry.getKey()) || module.endsWith("." + entry.getKey())) {
                    return ints(entry.getValue());
                }
            }
            return new int[0];
        }
        return ints(ids);
    }

    private static int[] ints(JsonNode list) {
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = list.get(i).asInt(-1);
        }
        return ids;
    }

    /** Whether outputs have lengths of their own. */
    boolean isDora() {
        return config.flag("use_dora", false);
    }

    /** The model that the adapter was trained on, as its file names it. */
    String base() {
        return config.text("base_model_name_or_path", "its base model");
    }
}
