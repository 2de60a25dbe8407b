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
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)))
                .withScale(config.positiveNumber("attention_multiplier", 1));
        boolean bias = config.flag("attention_bias", false);
        ModelConfig llama = Llama.model(
                "Granite", config, shape, attention, new Llama.Biases(bias, bias, config.flag("mlp_bias", false)));
        double residual = config.positiveNumber("residual_multiplier", 1);
        List<StoredLayer> layers = llama.weights().layers().stream()
                .map(layer -> layer.withLinears(
                        layer.queriesKeysValues(),
                        layer.attentionOutput().times(residual),
                        layer.feedForwardIn(),
                        layer.feedForwardOut().times(residual)))
                .toList();
        StoredNorm finalNorm = llama.weights().finalNorm().times(1 / config.positiveNumber("logits_scaling", 1));
        return llama.withEmbeddingMultiplier(config.positiveNumber("embedding_multiplier", 1))
                .withWeights(llama.weights().withLayers(layers).withFinalNorm(finalNorm));
    }
}
