package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Experts as DeepSeek-V3 has them, and others after it: chosen by corrected scores within groups, beside a block that all tokens
 * share, in all layers but the first.
 */
final class GroupedExperts {
    private GroupedExperts() {}

    /**
     * A family's defaults.
     *
     * @param count how many experts there are; 0 where that must be given
     * @param chosen how many of them a token uses; 0 where that must be given
     * @param dense how many of the first layers have none
     * @param normalized whether the chosen ones' weights are divided by their sum
     */
    record IfAbsent(int count, int chosen, int dense, boolean normalized) {}

    /** The model with experts in its layers. */
    static ModelConfig in(ModelConfig model, ConfigFile config, IfAbsent ifAbsent) {
        int inner = config.positiveInt("moe_intermediate_size", 1408);
        int shared = config.positiveInt("n_shared_experts", 1) * inner;
        Experts experts = read(config, ifAbsent);
        int dense = ExpertsConfig.layers(config, "first_k_dense_replace", ifAbsent.dense());
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : model.weights().layers()) {
            String name = "layers." + layers.size() + ".mlp.";
            layers.add(layers.size() < dense ? layer : sparse(layer, name, model.hiddenSize(), inner, shared, experts));
        }
        return model.withExperts(experts, layers);
    }

    private static Experts read(ConfigFile config, IfAbsent ifAbsent) {
        config.ignore("ep_size"); // how several devices divide the work
        config.require("moe_layer_freq", "1", "1");
        config.require("scoring_func", "sigmoid", "sigmoid", "noaux_tc");
        config.require("topk_method", "noaux_tc", "noaux_tc");
        int count = number(config, config.keyOf("n_routed_experts", "num_local_experts"), ifAbsent.count());
        int chosen = number(config, "num_experts_per_tok", ifAbsent.chosen());
        int groups = config.positiveInt("n_group", 1);
        int chosenGroups = config.positiveInt("topk_group", 1);
        if (count % groups != 0 || count / groups < 2) {
            throw config.refusal(
                    "n_group", "is " + groups + ", which leaves no two of " + count + " experts to each group");
        }
        if (chosenGroups > groups) {
            throw config.refusal("topk_group", "is " + chosenGroups + ", but there are only " + groups + " groups");
        }
        if (chosen > count / groups * chosenGroups) {
            throw config.refusal(
                    "num_experts_per_tok",
                    "is " + chosen + ", but only " + count / groups * chosenGroups + " of the " + count
                            + " experts ('n_routed_experts') are in the 'topk_group' groups that are chosen of 'n_group'");
        }
        Routing routing = new Routing(
                Routing.Scores.SIGMOID,
                config.flag("norm_topk_prob", ifAbsent.normalized()),
                0,
                config.positiveNumber("routed_scaling_factor", 1),
                chosenGroups == groups ? 1 : groups,
                chosenGroups,
                true,
                0);
        return new Experts(count, chosen, routing, Experts.Shared.PLAIN);
    }

    private static int number(ConfigFile config, String key, int ifAbsent) {
        return ifAbsent == 0 ? config.positiveInt(key) : config.positiveInt(key, ifAbsent);
    }

    private static StoredLayer sparse(
            StoredLayer layer, String name, int hidden, int inner, int shared, Experts experts) {
        return layer.withExperts(
                StoredExperts.of(name, hidden, inner, experts.count(), StoredExperts.Names.USUAL)
                        .withCorrection(name + "gate.e_score_correction_bias"),
                StoredLinear.of(
                        hidden,
                        false,
                        StoredRows.all(name + "shared_experts.gate_proj", shared),
                        StoredRows.all(name + "shared_experts.up_proj", shared)),
                StoredLinear.of(shared, false, StoredRows.all(name + "shared_experts.down_proj", hidden)));
    }

    /** Layers after the last, which predict more tokens than one and which nobody asks for. */
    static List<Pattern> laterLayers(int layers) {
        return List.of(
                Pattern.compile("model\\.layers\\." + layers + "\\..*"), Pattern.compile(".*rotary_emb\\.inv_freq"));
    }
}
