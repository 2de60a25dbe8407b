package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Gemma 2: Gemma with norms before and after, every second layer sliding, and soft caps. Source: {@code
 * modeling_gemma2.py}.
 */
final class Gemma2 {
    private Gemma2() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        return model("Gemma2", config, shape, attention(config, shape)).withLogitSoftCap(logitSoftCap(config));
    }

    static double logitSoftCap(ConfigFile config) {
        return softCap(config, "final_logit_softcapping", 30);
    }

    static Attention attention(ConfigFile config, Shape shape) {
        config.require("use_bidirectional_attention", "false", "false");
        int window = LayerKinds.requiredWindow(config);
        config.require("sliding_window_size", String.valueOf(window), String.valueOf(window));
        return Attention.full(shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)))
                .withScale(1 / Math.sqrt(config.positiveNumber("query_pre_attn_scalar", 256)))
                .withSoftCap(softCap(config, "attn_logit_softcapping", 50))
                .withWindow(
                        window,
                        LayerKinds.slides(config, shape.layers(), LayerKinds.allButEvery(2)),
                        shape.maxPositions());
    }

    /** Null, other than absent, is none. */
    private static double softCap(ConfigFile config, String key, double ifAbsent) {
        return config.value(key).isNull() ? Attention.UNCAPPED : config.positiveNumber(key, ifAbsent);
    }

    static ModelConfig model(String family, ConfigFile config, Shape shape, Attention attention) {
        ModelConfig gemma = Gemma.model(family, config, shape, attention, BlockLayout.SANDWICH, activation(config));
        List<StoredLayer> layers = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            String name = "layers." + i + ".";
            StoredLayer layer = gemma.weights().layers().get(i);
            layers.add(layer.withNorms(layer.attentionNorm(), StoredNorm.onePlus(name + "pre_feedforward_layernorm"))
                    .withNormsAfter(
                            StoredNorm.onePlus(name + "post_attention_layernorm"),
                            StoredNorm.onePlus(name + "post_feedforward_layernorm")));
        }
        return gemma.withWeights(gemma.weights().withLayers(layers));
    }

    static Activation activation(ConfigFile config) {
        config.text("hidden_act", ""); // an older key, which no longer counts
        return Activation.read(config, "hidden_activation", "gelu_pytorch_tanh");
    }
}
