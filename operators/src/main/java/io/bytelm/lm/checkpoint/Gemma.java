package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * Gemma 1: Llama with scaled embeddings, norms that store the difference to one, and a GELU. Source: {@code
 * modeling_gemma.py}.
 */
final class Gemma {
    private Gemma() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        config.require("use_bidirectional_attention", "false", "false");
        Attention attention =
                Attention.full(shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)));
        return model("Gemma", config, shape, attention, BlockLayout.PRE, activation(config));
    }

    /** The first configurations say {@code gelu} and mean its approximation, which some name in a second key. */
    private static Activation activation(ConfigFile config) {
        Activation named = Activation.read(config, "hidden_act", "gelu_pytorch_tanh");
        Activation meant = named == Activation.GELU ? Activation.GELU_TANH : named;
        if (config.has("hidden_activation") && Activation.read(config, "hidden_activation", "") != meant) {
            throw config.refusal("hidden_activation", "names another activation than 'hidden_act', which counts");
        }
        return meant;
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
