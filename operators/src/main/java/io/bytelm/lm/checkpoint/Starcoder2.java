package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/** StarCoder2: LayerNorm, biases, sliding windows. Source: {@code modeling_starcoder2.py}. */
final class Starcoder2 {
    private Starcoder2() {}

    static ModelConfig describe(ConfigFile config) {
        config.require("mlp_type", "default", "default");
        config.require("norm_type", "layer_norm", "layer_norm");
        Shape shape = Shape.read(config);
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)))
                .withWindow(LayerKinds.window(config), LayerKinds.all(shape.layers(), true), shape.maxPositions());
        boolean bias = config.flag("use_bias", true);
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        return ModelConfig.plain(
                "Starcoder2",
                shape,
                Norm.layer(config.positiveNumber("norm_epsilon", 1e-5)),
                BlockLayout.PRE,
                attention,
                FeedForward.plain(Activation.read(config, "hidden_act", "gelu_pytorch_tanh")),
                config.flag("tie_word_embeddings", true),
                StoredModel.llama(
                        StoredNorm.weightAndBias("norm"),
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("layers." + i + ".", shape, dimensions, bias))
                                .toList()));
    }

    private static StoredLayer layer(String name, Shape shape, int[] dimensions, boolean bias) {
        int hidden = shape.hiddenSize();
        return StoredLayer.of(
                StoredNorm.weightAndBias(name + "input_layernorm"),
                Llama.queriesKeysValues(name + "self_attn.", shape, dimensions, bias),
                StoredLinear.of(shape.queryWidth(), bias, StoredRows.all(name + "self_attn.o_proj", hidden)),
                StoredNorm.weightAndBias(name + "post_attention_layernorm"),
                StoredLinear.of(hidden, bias, StoredRows.all(name + "mlp.c_fc", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), bias, StoredRows.all(name + "mlp.c_proj", hidden)));
    }
}
