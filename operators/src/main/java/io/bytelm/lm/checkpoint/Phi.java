package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Phi-1, Phi-1.5 and Phi-2: attention and feed-forward side by side after one norm, biases everywhere, partial rotary
 * embeddings. Source: {@code modeling_phi.py}.
 */
final class Phi {
    private Phi() {}

    static ModelConfig describe(ConfigFile config) {
        config.require("qk_layernorm", "false", "false");
        Shape shape = Shape.read(config);
        Attention attention =
                Attention.full(shape, List.of(RotaryConfig.partial(config, 0.5).read(shape)));
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        return ModelConfig.plain(
                "Phi",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_eps", 1e-5)),
                BlockLayout.PARALLEL,
                attention,
                FeedForward.plain(Activation.read(config, "hidden_act", "gelu_new")),
                config.flag("tie_word_embeddings", false),
                StoredModel.llama(
                                StoredNorm.weightAndBias("final_layernorm"),
                                IntStream.range(0, shape.layers())
                                        .mapToObj(i -> layer("layers." + i + ".", shape, dimensions))
                                        .toList())
                        .withHeadBias());
    }

    private static StoredLayer layer(String name, Shape shape, int[] dimensions) {
        int hidden = shape.hiddenSize();
        StoredNorm norm = StoredNorm.weightAndBias(name + "input_layernorm");
        return StoredLayer.of(
                norm,
                Llama.queriesKeysValues(name + "self_attn.", shape, dimensions, true),
                StoredLinear.of(shape.queryWidth(), true, StoredRows.all(name + "self_attn.dense", hidden)),
                norm,
                StoredLinear.of(hidden, true, StoredRows.all(name + "mlp.fc1", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), true, StoredRows.all(name + "mlp.fc2", hidden)));
    }
}
