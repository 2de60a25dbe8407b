package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * Mistral 7B and its successors, Ministral: Llama with a sliding window, in all layers unless they are listed. Source: {@code
 * modeling_mistral.py}, {@code modeling_ministral.py}.
 */
final class Mistral {
    private Mistral() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.of(config, 10_000, 1).read(shape)))
                .withWindow(
                        LayerKinds.window(config),
                        LayerKinds.slides(config, shape.layers(), layer -> true),
                        shape.maxPositions());
        return Llama.model("Mistral", config, shape, attention, Llama.Biases.NONE);
    }
}
