package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Nemotron and Minitron: LayerNorm that stores the difference to one, a squared ReLU without a gate, and half of a head's
 * dimensions turning. Source: {@code modeling_nemotron.py}.
 */
final class Nemotron {
    private Nemotron() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        RotaryEmbedding rotary = RotaryConfig.partial(config, 0.5).read(shape);
        Attention attention = Attention.full(shape, List.of(rotary));
        boolean bias = config.flag("attention_bias", false);
        boolean feedForwardBias = config.flag("mlp_bias", false);
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : Llama.layers(shape, dimensions, new Llama.Biases(bias, bias, feedForwardBias))) {
            String name = "layers." + layers.size() + ".";
            layers.add(layer.withNorms(norm(name + "input_layernorm"), norm(name + "post_attention_layernorm"))
                    .withLinears(
                            layer.queriesKeysValues(),
                            layer.attentionOutput(),
                            StoredLinear.of(
                                    shape.hiddenSize(),
                                    feedForwardBias,
                                    StoredRows.all(name + "mlp.up_proj", shape.feedForwardSize())),
                            layer.feedForwardOut()));
        }
        return ModelConfig.plain(
                "Nemotron",
                shape,
                Norm.layer(config.positiveNumber("norm_eps", 1e-5)),
                BlockLayout.PRE,
                attention,
                FeedForward.plain(Activation.read(config, "hidden_act", "relu2")),
                config.flag("tie_word_embeddings", false),
                StoredModel.llama(norm("norm"), layers));
    }

    private static StoredNorm norm(String name) {
        return new StoredNorm(name, true, 1, 1);
    }
}
