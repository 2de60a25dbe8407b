package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * OLMo 1: Llama with LayerNorm that has neither weights nor biases; queries, keys and values may be cut to a range. Source:
 * {@code modeling_olmo.py}.
 */
final class Olmo {
    private static final double EPSILON = 1e-5;

    private Olmo() {}

    static ModelConfig describe(ConfigFile config) {
        Shape read = Shape.read(config);
        RotaryConfig rotary = RotaryConfig.whole(config, 10_000);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        Attention attention = Attention.full(shape, List.of(rotary.read(read)))
                .withClip(config.positiveNumber("clip_qkv", Attention.UNCAPPED));
        boolean bias = config.flag("attention_bias", false);
        List<StoredLayer> layers =
                Llama.layers(shape, Llama.rotaryOrder(shape, attention), new Llama.Biases(bias, bias, false)).stream()
                        .map(layer -> layer.withNorms(StoredNorm.NONE, StoredNorm.NONE))
                        .toList();
        return ModelConfig.plain(
                "Olmo",
                shape,
                Norm.layer(EPSILON),
                BlockLayout.PRE,
                attention,
                FeedForward.gated(Activation.read(config, "hidden_act", "silu")),
                config.flag("tie_word_embeddings", false),
                StoredModel.llama(StoredNorm.NONE, layers));
    }
}
