package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * EXAONE 4: Llama with norms after attention and feed-forward and of each query and key; where layers slide, the full ones
 * do not turn. Source: {@code modeling_exaone4.py}.
 */
final class Exaone4 {
    private static final int TURNING = 0;
    private static final int STILL = 1;

    private Exaone4() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config, config.positiveInt("num_key_value_heads"));
        RotaryEmbedding rotary = RotaryConfig.whole(config, 10_000).read(shape);
        int window = LayerKinds.windowOrUsual(config);
        boolean hybrid = window != Integer.MAX_VALUE;
        List<Boolean> slides = LayerKinds.slides(config, shape.layers(), LayerKinds.allButEvery(period(config)));
        if (!hybrid && slides.contains(true)) {
            throw config.refusal("layer_types", "has sliding layers, but 'sliding_window' is null");
        }
        Attention attention = Attention.full(shape, List.of(rotary))
                .withRotaries(
                        List.of(rotary, RotaryEmbedding.NONE),
                        slides.stream()
                                .map(slide -> slide || !hybrid ? TURNING : STILL)
                                .toList())
                .withWindow(window, slides, shape.maxPositions())
                .withQueryKeyNorm(QueryKeyNorm.PER_HEAD);
        ModelConfig llama = Llama.model("Exaone4", config, shape, attention, Llama.Biases.NONE)
                .withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)))
                .withLayout(BlockLayout.POST);
        List<StoredLayer> normed = Qwen3.withHeadNorms(llama, shape, attention, 0);
        return llama.withWeights(llama.weights()
                .withLayers(IntStream.range(0, shape.layers())
                        .mapToObj(i -> withNormsAfter(normed.get(i), "layers." + i + "."))
                        .toList()));
    }

    private static StoredLayer withNormsAfter(StoredLayer layer, String name) {
        return layer.withNorms(
                StoredNorm.weight(name + "post_attention_layernorm"),
                StoredNorm.weight(name + "post_feedforward_layernorm"));
    }

    /** Each how many layers one is full; where {@code layer_types} says it, published files write it in letters. */
    private static int period(ConfigFile config) {
        if (config.has("layer_types")) {
            config.ignore("sliding_window_pattern");
            return 1;
        }
        return config.positiveInt("sliding_window_pattern", 4);
    }
}
