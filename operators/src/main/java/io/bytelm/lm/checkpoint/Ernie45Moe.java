package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * ERNIE 4.5 with experts in some layers, beside a block that all tokens share: chosen by corrected probabilities, weighed by their
 * share of those chosen. Source: {@code modeling_ernie4_5_moe.py}.
 */
final class Ernie45Moe {
    private static final Pattern LATER_TOKENS = Pattern.compile("model\\.mtp_.*");

    private Ernie45Moe() {}

    static ModelConfig describe(ConfigFile config) {
        List.of("moe_capacity", "num_nextn_predict_layers").forEach(config::ignore);
        config.require("moe_gate", "topk", "topk");
        config.require("moe_use_aux_free", "true", "true");
        ModelConfig dense = Ernie45.dense("Ernie45Moe", config);
        StoredModel stored = dense.weights();
        int inner = config.positiveInt("moe_intermediate_size", 1536);
        int shared = inner * ExpertsConfig.layers(config, "moe_num_shared_experts", 2);
        Experts experts = experts(config, shared > 0);
        int interval = config.positiveInt("moe_layer_interval", 1);
        int first = ExpertsConfig.layers(config, "moe_layer_start_index", 1);
        int last = config.value("moe_layer_end_index").asInt(-1) == -1
                ? dense.layers()
                : ExpertsConfig.layers(config, "moe_layer_end_index", -1);
        boolean bias = config.flag("use_bias", false);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : stored.layers()) {
            int i = layers.size();
            boolean sparse = (i + 1) % interval == 0 && i >= first && i <= last;
            layers.add(sparse ? sparse(layer, "layers." + i + ".mlp.", dense, inner, shared, experts, bias) : layer);
        }
        StoredModel within = stored.within(stored.prefixes(), stored.heads(), List.of(LATER_TOKENS));
        return dense.withWeights(bias ? within.withHeadBias() : within).withExperts(experts, layers);
    }

    private static Experts experts(ConfigFile config, boolean shared) {
        int count = config.positiveInt(config.keyOf("moe_num_experts", "num_experts"), 64);
        int chosen = config.positiveInt(config.keyOf("moe_k", "num_experts_per_tok"), 6);
        if (chosen > count) {
            throw config.refusal("moe_k", "is " + chosen + ", but there are only " + count + " experts");
        }
        Routing routing = new Routing(
                Routing.Scores.SOFTMAX, true, config.positiveNumber("moe_norm_min", 1e-12), 1, 1, 1, true, 0);
        return new Experts(count, chosen, routing, shared ? Experts.Shared.PLAIN : Experts.Shared.NONE);
    }

    private static StoredLayer sparse(
            StoredLayer layer, String name, ModelConfig model, int inner, int shared, Experts experts, boolean bias) {
        int hidden = model.hiddenSize();
        StoredExperts stored = StoredExperts.of(name, hidden, inner, experts.count(), StoredExperts.Names.USUAL)
                .withCorrection(name + "moe_statics.e_score_correction_bias");
        if (experts.shared() == Experts.Shared.NONE) {
            return layer.withExperts(stored);
        }
        return layer.withExperts(
                stored,
                StoredLinear.of(
                        hidden,
                        bias,
                        StoredRows.all(name + "shared_experts.gate_proj", shared),
                        StoredRows.all(name + "shared_experts.up_proj", shared)),
                StoredLinear.of(shared, bias, StoredRows.all(name + "shared_experts.down_proj", hidden)));
    }
}
