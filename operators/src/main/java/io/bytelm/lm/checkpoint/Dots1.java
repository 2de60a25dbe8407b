package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * dots.llm1: Qwen3 with windows from some layer on, if there are any, and {@link GroupedExperts}. Source: {@code
 * modeling_dots1.py}.
 */
final class Dots1 {
    private Dots1() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        int window = LayerKinds.windowOrUsual(config);
        int full = ExpertsConfig.layers(config, "max_window_layers", 62);
        List<Boolean> slides =
                LayerKinds.slides(config, shape.layers(), layer -> window != Integer.MAX_VALUE && layer >= full);
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)))
                .withWindow(window, slides, shape.maxPositions())
                .withQueryKeyNorm(QueryKeyNorm.PER_HEAD);
        boolean bias = config.flag("attention_bias", false);
        ModelConfig llama = Llama.model("Dots1", config, shape, attention, new Llama.Biases(bias, bias, false));
        return GroupedExperts.in(
                llama.withWeights(llama.weights().withLayers(Qwen3.withHeadNorms(llama, shape, attention, 0))),
                config,
                new GroupedExperts.IfAbsent(0, 0, 0, false));
    }
}
