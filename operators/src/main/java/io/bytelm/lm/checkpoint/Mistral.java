package io.bytelm.lm.checkpoint;

import java.util.List;

/** Mistral 7B and its successors: Llama with a sliding window in all layers. Source: {@code modeling_mistral.py}. */
final class Mistral {
    private Mistral() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.of(config, 10_000, 1).read(shape)))
                .withWindow(LayerKinds.window(config), LayerKinds.all(shape.layers(), true), shape.maxPositions());
        return Llama.model("Mistral", config, shape, attention, Llama.Biases.NONE);
    }
}
