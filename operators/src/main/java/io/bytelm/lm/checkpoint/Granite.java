package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * Granite 3: Llama with multipliers of embeddings, scores, residuals and logits, the last two of which go into weights.
 * Source: {@code modeling_granite.py}.
 */
final class Granite {
    private Granite() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        return multiplied(
                config,
                model(
                        "Granite",
                        config,
                        shape,
                        RotaryConfig.whole(config, 10_000).read(shape)));
    }

    /** Llama with Granite's scores, and no other multiplier yet. */
    static ModelConfig model(String family, ConfigFile config, Shape shape, RotaryEmbedding rotary) {
        Attention attention =
                Attention.full(shape, List.of(rotary)).withScale(config.positiveNumber("attention_multiplier", 1));
        boolean bias = config.flag("attention_bias", false);
        Llama.Biases biases = new Llama.Biases(bias, bias, config.flag("mlp_bias", false));
        return Llama.model(family, config, shape, attention, biases);
    }

    /** The other multipliers. */
    static ModelConfig multiplied(ConfigFile config, ModelConfig model) {
        double residual = config.positiveNumber("residual_multiplier", 1);
        List<StoredLayer> layers = model.weights().layers().stream()
                .map(layer -> layer.times(residual))
                .toList();
        StoredNorm finalNorm = model.weights().finalNorm().times(1 / config.positiveNumber("logits_scaling", 1));
        return model.withEmbeddingMultiplier(config.positiveNumber("embedding_multiplier", 1))
                .withWeights(model.weights().withLayers(layers).withFinalNorm(finalNorm));
    }
}
