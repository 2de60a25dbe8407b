package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;

/** What {@code config.json} says about experts, in the keys that families share. */
final class ExpertsConfig {
    private ExpertsConfig() {}

    /**
     * Reads how many there are and how many are chosen.
     *
     * @param normalized whether the chosen ones' probabilities are divided by their sum
     */
    static Experts read(
            ConfigFile config, int countIfAbsent, int chosenIfAbsent, boolean normalized, Experts.Shared shared) {
        int count = count(config, countIfAbsent);
        int chosen = config.positiveInt("num_experts_per_tok", chosenIfAbsent);
        if (chosen > count) {
            throw config.refusal("num_experts_per_tok", "is " + chosen + ", but there are only " + count + " experts");
        }
        return new Experts(count, chosen, Routing.softmax(normalized), shared);
    }

    /** A number of layers, which may be 0, or the number of one. */
    static int layers(ConfigFile config, String key, int ifAbsent) {
        if (!config.has(key)) {
            return ifAbsent;
        }
        if (!config.value(key).isInt() || config.value(key).intValue() < 0) {
            throw config.refusal(key, "is " + config.value(key) + ", expected a whole number of layers");
        }
        return config.value(key).intValue();
    }

    /** Transformers 4 and 5 write the number under different keys. */
    private static int count(ConfigFile config, int ifAbsent) {
        int newer = config.positiveInt("num_local_experts", config.positiveInt("num_experts", ifAbsent));
        int older = config.positiveInt("num_experts", newer);
        if (newer != older) {
            throw config.refusal("'num_local_experts' is " + newer + ", but 'num_experts' is " + older
                    + "; keep the one that the weights were made with");
        }
        return newer;
    }

    /** Which layers of Qwen's models have experts: every so many, except those that are listed. */
    static IntPredicate sparseLayers(ConfigFile config) {
        int step = config.positiveInt("decoder_sparse_step", 1);
        Set<Integer> dense = new HashSet<>();
        for (JsonNode layer : config.value("mlp_only_layers")) {
            if (!layer.isInt()) {
                throw config.refusal("mlp_only_layers", "names the layer " + layer + ", expected a whole number");
            }
            dense.add(layer.intValue());
        }
        return layer -> (layer + 1) % step == 0 && !dense.contains(layer);
    }
}
