package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * Mistral 7B and its successors, Ministral: Llama with a sliding window, in all layers; Ministral may list which. Source: {@code
 * modeling_mistral.py}, {@code modeling_ministral.py}.
 */
final class Mistral {
    private Mistral() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        return model(config, shape, LayerKinds.all(shape.layers(), true));
    }

    /** Mistral Small 3.1 and later, which see images too. */
    static ModelConfig describeTextPart(ConfigFile config) {
        return TextPart.within(describe(TextPart.config(config, "mistral")))
                .withTiedEmbeddings(config.flag("tie_word_embeddings", true));
    }

    static ModelConfig describeMinistral(ConfigFile config) {
        Shape shape = Shape.read(config);
        return model(config, shape, LayerKinds.slides(config, shape.layers(), layer -> true));
    }

    private static ModelConfig model(ConfigFile config, Shape shape, List<Boolean> slides) {
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)))
                .withWindow(LayerKinds.windowOrUsual(config), slides, shape.maxPositions());
        return Llama.model("Mistral", config, shape, attention, Llama.Biases.NONE);
    }
}
