package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * OLMo 2: Llama with norms after attention and feed-forward, and of all queries and all keys. Source: {@code
 * modeling_olmo2.py}.
 */
final class Olmo2 {
    private Olmo2() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        Attention attention =
                Attention.full(shape, List.of(RotaryConfig.of(config, 10_000, 1).read(shape)));
        return model("Olmo2", config, shape, attention);
    }

    static ModelConfig model(String family, ConfigFile config, Shape shape, Attention attention) {
        boolean bias = config.flag("attention_bias", false);
        Attention normed = attention.withQueryKeyNorm(QueryKeyNorm.WHOLE);
        ModelConfig llama = Llama.model(family, config, shape, normed, new Llama.Biases(bias, bias, false));
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        List<StoredLayer> layers = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            layers.add(layer(llama.weights().layers().get(i), "layers." + i + ".", shape, dimensions));
        }
        return llama.withLayout(BlockLayout.POST)
                .withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)))
                .withWeights(llama.weights().withLayers(layers));
    }

    private static StoredLayer layer(StoredLayer llama, String name, Shape shape, int[] dimensions) {
        return withWholeNorms(llama, name, shape, dimensions)
                .withNorms(
                        StoredNorm.weight(name + "post_attention_layernorm"),
                        StoredNorm.weight(name + "post_feedforward_layernorm"));
    }

    /** A layer with norms of all queries and all keys, a weight for each of their dimensions. */
    static StoredLayer withWholeNorms(StoredLayer layer, String name, Shape shape, int[] dimensions) {
        int headDim = shape.headDim();
        return layer.withQueryKeyNorm(
                StoredRows.heads(
                        name + "self_attn.q_norm",
                        shape.queryWidth(),
                        shape.heads(),
                        head -> head * headDim,
                        dimensions),
                StoredRows.heads(
                        name + "self_attn.k_norm",
                        shape.keyWidth(),
                        shape.keyValueHeads(),
                        head -> head * headDim,
                        dimensions));
    }
}
