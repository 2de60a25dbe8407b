package io.bytelm.lm.checkpoint;

import java.util.List;

/** Qwen2 and Qwen2.5: Llama with biases on queries, keys and values. Source: {@code modeling_qwen2.py}. */
final class Qwen2 {
    private Qwen2() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        return Llama.model("Qwen2", config, shape, attention(config, shape), new Llama.Biases(true, false, false));
    }

    /** Layers from {@code max_window_layers} on slide, if {@code use_sliding_window} says so at all. */
    static Attention attention(ConfigFile config, Shape shape) {
        config.require("use_mrope", "false", "false"); // rotary positions of images
        boolean used = config.flag("use_sliding_window", false);
        int firstSliding = config.has("max_window_layers")
                ? config.value("max_window_layers").asInt()
                : 28;
        int window = LayerKinds.windowOrUsual(config);
        List<Boolean> slides = LayerKinds.slides(config, shape.layers(), layer -> used && layer >= firstSliding);
        return Attention.full(shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)))
                .withWindow(used ? window : Integer.MAX_VALUE, slides, shape.maxPositions());
    }
}
