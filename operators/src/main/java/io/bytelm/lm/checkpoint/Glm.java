package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * GLM-4: Llama with biases on queries, keys and values, gate and up in one matrix, and half of a head's dimensions turning
 * in neighbouring pairs; GLM-4-0414 has norms after attention and feed-forward too. Source: {@code modeling_glm.py}, {@code
 * modeling_glm4.py}.
 */
final class Glm {
    private Glm() {}

    static ModelConfig describe(ConfigFile config) {
        return model("GLM", config);
    }

    static ModelConfig describe4(ConfigFile config) {
        ModelConfig glm = model("GLM4", config);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : glm.weights().layers()) {
            String name = "layers." + layers.size() + ".";
            layers.add(layer.withNormsAfter(
                    StoredNorm.weight(name + "post_self_attn_layernorm"),
                    StoredNorm.weight(name + "post_mlp_layernorm")));
        }
        return glm.withLayout(BlockLayout.SANDWICH).withWeights(glm.weights().withLayers(layers));
    }

    private static ModelConfig model(String family, ConfigFile config) {
        Shape shape = Shape.read(config, config.positiveInt("num_key_value_heads"));
        RotaryEmbedding rotary = RotaryConfig.partial(config, 0.5).read(shape);
        Llama.Biases biases = new Llama.Biases(config.flag("attention_bias", true), false, false);
        ModelConfig llama = Llama.withNeighbourPairs(
                Llama.model(family, config, shape, Attention.full(shape, List.of(rotary)), biases), biases);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : llama.weights().layers()) {
            String gateAndUp = "layers." + layers.size() + ".mlp.gate_up_proj";
            layers.add(layer.withLinears(
                    layer.queriesKeysValues(),
                    layer.attentionOutput(),
                    StoredLinear.of(shape.hiddenSize(), false, StoredRows.all(gateAndUp, 2 * shape.feedForwardSize())),
                    layer.feedForwardOut()));
        }
        return llama.withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1.5625e-7)))
                .withWeights(llama.weights().withLayers(layers));
    }
}
