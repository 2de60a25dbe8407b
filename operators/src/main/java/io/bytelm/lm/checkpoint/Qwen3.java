package io.bytelm.lm.checkpoint;

import java.util.List;

/** Qwen3, dense: Qwen2 with norms of queries and keys instead of biases. Source: {@code modeling_qwen3.py}. */
final class Qwen3 {
    private Qwen3() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        Attention attention = Qwen2.attention(config, shape).withQueryKeyNorm(QueryKeyNorm.PER_HEAD);
        boolean bias = config.flag("attention_bias", false);
        ModelConfig llama = Llama.model("Qwen3", config, shape, attention, new Llama.Biases(bias, bias, false));
        return llama.withWeights(llama.weights().withLayers(withHeadNorms(llama, shape, attention, 0)));
    }

    /**
     * Llama's layers with a norm of each query and key, one weight a dimension.
     *
     * @param added to the stored weights
     */
    static List<StoredLayer> withHeadNorms(ModelConfig llama, Shape shape, Attention attention, double added) {
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        List<StoredLayer> layers = new java.util.ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            String name = "layers." + i + ".self_attn.";
            layers.add(llama.weights()
                    .layers()
                    .get(i)
                    .withQueryKeyNorm(
                            StoredRows.repeated(name + "q_norm", shape.heads(), dimensions)
                                    .plus(added),
                            StoredRows.repeated(name + "k_norm", shape.keyValueHeads(), dimensions)
                                    .plus(added)));
        }
        return layers;
    }
}
