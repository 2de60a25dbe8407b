package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Qwen1.5-MoE and Qwen2-MoE: Qwen2 with experts in all layers or some, and one beside them that all tokens share. Source:
 * {@code modeling_qwen2_moe.py}.
 */
final class Qwen2Moe {
    private Qwen2Moe() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        boolean bias = config.flag("qkv_bias", true);
        ModelConfig llama =
                Llama.model("Qwen2Moe", config, shape, attention(config, shape), new Llama.Biases(bias, false, false));
        Experts experts = ExpertsConfig.read(config, 60, 4, config.flag("norm_topk_prob", false), Experts.Shared.GATED);
        int inner = config.positiveInt("moe_intermediate_size", 1408);
        int sharedInner = config.positiveInt("shared_expert_intermediate_size", 5632);
        return withExperts(
                llama,
                experts,
                sharedInner,
                ExpertsConfig.sparseLayers(config),
                name -> StoredExperts.of(name, shape.hiddenSize(), inner, experts.count(), StoredExperts.Names.USUAL));
    }

    /**
     * Experts, and one that all tokens share, in some layers.
     *
     * @param sharedInner the width of the shared one
     * @param sparse which layers, by number
     * @param stored where a layer's experts lie, by the name of its block
     */
    static ModelConfig withExperts(
            ModelConfig model,
            Experts experts,
            int sharedInner,
            IntPredicate sparse,
            Function<String, StoredExperts> stored) {
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : model.weights().layers()) {
            String name = "layers." + layers.size() + ".mlp.";
            layers.add(
                    sparse.test(layers.size())
                            ? withExperts(
                                    layer,
                                    stored.apply(name).withSharedGate(name + "shared_expert_gate"),
                                    name,
                                    model.hiddenSize(),
                                    sharedInner)
                            : layer);
        }
        return model.withExperts(experts, layers);
    }

    private static StoredLayer withExperts(
            StoredLayer layer, StoredExperts experts, String name, int hidden, int sharedInner) {
        String shared = name + "shared_expert.";
        return layer.withExperts(
                experts,
                StoredLinear.of(
                        hidden,
                        false,
                        StoredRows.all(shared + "gate_proj", sharedInner),
                        StoredRows.all(shared + "up_proj", sharedInner)),
                StoredLinear.of(sharedInner, false, StoredRows.all(shared + "down_proj", hidden)));
    }

    /** Where a window is used, every other layer slides, from the first to {@code max_window_layers}. */
    private static Attention attention(ConfigFile config, Shape shape) {
        boolean used = config.flag("use_sliding_window", false);
        int sliding = config.has("max_window_layers")
                ? config.value("max_window_layers").asInt()
                : 28;
        List<Boolean> slides =
                LayerKinds.slides(config, shape.layers(), layer -> used && layer % 2 == 0 && layer < sliding);
        if (!used && slides.contains(true)) {
            throw config.refusal("layer_types", "names sliding layers, but 'use_sliding_window' is not true");
        }
        if (config.value("sliding_window").asInt(1) == 0 && used) { // it is 0 where none is used
            throw config.refusal("use_sliding_window", "is true, but 'sliding_window' is 0");
        }
        Attention full =
                Attention.full(shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)));
        return used ? full.withWindow(LayerKinds.windowOrUsual(config), slides, shape.maxPositions()) : full;
    }
}
