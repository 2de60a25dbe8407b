package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * Gemma 1: Llama with scaled embeddings, norms that store the difference to one, and a GELU. Source: {@code
 * modeling_gemma.py}.
 */
final class Gemma {
    private Gemma() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = shape(config);
        config.require("use_bidirectional_attention", "false", "false");
        Attention attention =
                Attention.full(shape, List.of(RotaryConfig.of(config, 10_000, 1).read(shape)));
        return model("Gemma", config, shape, attention, BlockLayout.PRE, activation(config, "hidden_act"));
    }

    static Shape shape(ConfigFile config) {
        int heads = config.positiveInt("num_attention_heads");
        return Shape.read(config, config.positiveInt("num_key_value_heads", heads), 256);
    }

    /** Gemma 1's configurations say {@code gelu} in one key and mean the approximation, which the other may name. */
    private static Activation activation(ConfigFile config, String key) {
        if (config.has("hidden_activation")) {
            return Activation.read(config, "hidden_activation", "gelu_pytorch_tanh");
        }
        return Activation.read(config, key, "gelu_pytorch_tanh");
    }

    static ModelConfig model(
            String family,
            ConfigFile config,
            Shape shape,
            Attention attention,
            BlockLayout layout,
            Activation activation) {
        boolean bias = config.flag("attention_bias", false);
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        List<StoredLayer> layers = Llama.layers(shape, dimensions, new Llama.Biases(bias, bias, false)).stream()
                .map(layer -> layer.withNorms(
                        StoredNorm.onePlus(layer.attentionNorm().name()),
                        StoredNorm.onePlus(layer.feedForwardNorm().name())))
                .toList();
        return ModelConfig.plain(
                        family,
                        shape,
                        Norm.rms(config.positiveNumber("rms_norm_eps", 1e-6)),
                        layout,
                        attention,
                        FeedForward.gated(activation),
                        config.flag("tie_word_embeddings", true),
                        StoredModel.llama(StoredNorm.onePlus("norm"), layers))
                .withEmbeddingMultiplier((float) Math.sqrt(shape.hiddenSize()));
    }
}
