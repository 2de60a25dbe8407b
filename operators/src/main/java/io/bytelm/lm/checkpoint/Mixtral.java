package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Mixtral: Mistral with experts in all layers, whose probabilities are divided by their sum; a window, if there is one, is
 * all layers'. Source: {@code modeling_mixtral.py}.
 */
final class Mixtral {
    private static final StoredExperts.Names NAMES = new StoredExperts.Names("w1", "w3", "w2");

    private Mixtral() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.whole(config, 1_000_000).read(shape)))
                .withWindow(LayerKinds.window(config), LayerKinds.all(shape.layers(), true), shape.maxPositions());
        Experts experts = ExpertsConfig.read(config, 8, 2, true, Experts.Shared.NONE);
        ModelConfig mistral = Llama.model("Mixtral", config, shape, attention, Llama.Biases.NONE);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : mistral.weights().layers()) {
            String name = "layers." + layers.size() + ".block_sparse_moe.";
            layers.add(layer.withExperts(
                    StoredExperts.of(name, shape.hiddenSize(), shape.feedForwardSize(), experts.count(), NAMES)));
        }
        return mistral.withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)))
                .withExperts(experts, layers);
    }
}
