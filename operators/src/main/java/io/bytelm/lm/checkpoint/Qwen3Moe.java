package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Qwen3 with experts: Qwen3 with experts in all layers or some; a window, if it is used, is all layers'. Source: {@code
 * modeling_qwen3_moe.py}.
 */
final class Qwen3Moe {
    private Qwen3Moe() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        Attention attention = attention(config, shape);
        boolean bias = config.flag("attention_bias", false);
        ModelConfig llama = Llama.model("Qwen3Moe", config, shape, attention, new Llama.Biases(bias, bias, false));
        Experts experts = ExpertsConfig.read(config, 128, 8, config.flag("norm_topk_prob", false), Experts.Shared.NONE);
        int inner = config.positiveInt("moe_intermediate_size", 768);
        IntPredicate sparse = ExpertsConfig.sparseLayers(config);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : Qwen3.withHeadNorms(llama, shape, attention, 0)) {
            String name = "layers." + layers.size() + ".mlp.";
            StoredExperts stored =
                    StoredExperts.of(name, shape.hiddenSize(), inner, experts.count(), StoredExperts.Names.USUAL);
            layers.add(sparse.test(layers.size()) ? layer.withExperts(stored) : layer);
        }
        return llama.withExperts(experts, layers);
    }

    /** Published files say from which layer on a window would be used, which transformers does not read. */
    private static Attention attention(ConfigFile config, Shape shape) {
        config.ignore("max_window_layers");
        int window = LayerKinds.windowOrUsual(config);
        boolean slides = config.flag("use_sliding_window", false);
        return Attention.full(shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)))
                .withWindow(window, LayerKinds.all(shape.layers(), slides), shape.maxPositions())
                .withQueryKeyNorm(QueryKeyNorm.PER_HEAD);
    }
}
