package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Granite 3 with experts in all layers, and Granite 4 where its layers have attention: with a feed-forward block that all tokens
 * share, or with that alone. Source: {@code modeling_granitemoe.py}, {@code modeling_granitemoehybrid.py}.
 */
final class GraniteMoe {
    /** Of layers that are no attention. */
    private static final List<String> MAMBA = List.of(
            "mamba_chunk_size",
            "mamba_conv_bias",
            "mamba_d_conv",
            "mamba_d_head",
            "mamba_d_state",
            "mamba_expand",
            "mamba_n_groups",
            "mamba_n_heads",
            "mamba_proj_bias",
            "time_step_limit",
            "time_step_min",
            "time_step_max",
            "time_step_floor");

    private GraniteMoe() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        ModelConfig granite = Granite.model(
                "GraniteMoe", config, shape, RotaryConfig.whole(config, 10_000).read(shape));
        Experts experts = ExpertsConfig.read(config, 8, 2, true, Experts.Shared.NONE);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : granite.weights().layers()) {
            layers.add(layer.withExperts(stored(layers.size(), shape, shape.feedForwardSize(), experts)));
        }
        return Granite.multiplied(config, granite.withExperts(experts, layers));
    }

    static ModelConfig describeHybrid(ConfigFile config) {
        MAMBA.forEach(config::ignore);
        config.require("normalization_function", "rmsnorm", "rmsnorm");
        Shape read = Shape.read(config);
        requireAttention(config, read.layers());
        int shared = config.positiveInt("shared_intermediate_size", 1024);
        boolean dense = config.value("num_local_experts").asText().equals("0");
        Shape shape = dense ? read.withFeedForwardSize(shared) : read;
        ModelConfig granite = Granite.model("GraniteMoeHybrid", config, shape, rotary(config, shape));
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : granite.weights().layers()) {
            String name = "layers." + layers.size() + ".shared_mlp.";
            layers.add(layer.withLinears(
                    layer.queriesKeysValues(),
                    layer.attentionOutput(),
                    StoredLinear.of(shape.hiddenSize(), false, StoredRows.all(name + "input_linear", 2 * shared)),
                    StoredLinear.of(shared, false, StoredRows.all(name + "output_linear", shape.hiddenSize()))));
        }
        ModelConfig model = granite.withWeights(granite.weights().withLayers(layers));
        if (dense) {
            config.ignore("num_experts_per_tok");
        }
        return Granite.multiplied(config, dense ? model : withExperts(config, model));
    }

    private static ModelConfig withExperts(ConfigFile config, ModelConfig dense) {
        Shape shape = dense.shape();
        Experts experts = ExpertsConfig.read(config, 8, 2, true, Experts.Shared.PLAIN);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : dense.weights().layers()) {
            layers.add(layer.withExperts(
                    stored(layers.size(), shape, shape.feedForwardSize(), experts),
                    layer.feedForwardIn(),
                    layer.feedForwardOut()));
        }
        return dense.withExperts(experts, layers);
    }

    private static StoredExperts stored(int layer, Shape shape, int inner, Experts experts) {
        String name = "layers." + layer + ".block_sparse_moe.";
        return StoredExperts.of(name, shape.hiddenSize(), inner, experts.count(), StoredExperts.Names.USUAL)
                .withRouter(name + "router.layer");
    }

    private static RotaryEmbedding rotary(ConfigFile config, Shape shape) {
        if (config.text("position_embedding_type", "").equals("rope")) {
            return RotaryConfig.whole(config, 10_000).read(shape);
        }
        List.of("rope_parameters", "rope_scaling", "rope_theta").forEach(config::ignore);
        return RotaryEmbedding.NONE;
    }

    private static void requireAttention(ConfigFile config, int layers) {
        String key = config.keyOf("layer_types", "layers_block_type");
        if (config.value(key).size() != layers) {
            throw config.refusal(
                    key, "names " + config.value(key).size() + " layers, but 'num_hidden_layers' is " + layers);
        }
        config.value(key).forEach(type -> {
            if (!List.of("attention", "full_attention").contains(type.asText())) {
                throw config.refusal(key, "names " + type + "; supported: attention, full_attention");
            }
        });
    }
}
