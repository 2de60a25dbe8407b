package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * OLMoE: Llama with experts in all layers, and with norms of all queries and all keys, which are cut to a range after that.
 * Source: {@code modeling_olmoe.py}.
 */
final class Olmoe {
    private Olmoe() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)))
                .withQueryKeyNorm(QueryKeyNorm.WHOLE)
                .withClip(config.positiveNumber("clip_qkv", Attention.UNCAPPED));
        boolean bias = config.flag("attention_bias", false);
        ModelConfig llama = Llama.model("Olmoe", config, shape, attention, new Llama.Biases(bias, bias, false));
        Experts experts = ExpertsConfig.read(config, 64, 8, config.flag("norm_topk_prob", false), Experts.Shared.NONE);
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : llama.weights().layers()) {
            String name = "layers." + layers.size() + ".";
            StoredExperts stored = StoredExperts.of(
                    name + "mlp.",
                    shape.hiddenSize(),
                    shape.feedForwardSize(),
                    experts.count(),
                    StoredExperts.Names.USUAL);
            layers.add(Olmo2.withWholeNorms(layer, name, shape, dimensions).withExperts(stored));
        }
        return llama.withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)))
                .withExperts(experts, layers);
    }
}
