package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Apertus: Llama with norms of queries and keys, other names of the layers' norms, and a feed-forward block without a gate, whose
 * activation each layer has learned. Source: {@code modeling_apertus.py}.
 */
final class Apertus {
    private static final String USUAL_ROPE = """
            {"rope_type": "llama3", "rope_theta": 12000000.0, "factor": 8.0, "original_max_position_embeddings": 8192,
             "low_freq_factor": 1.0, "high_freq_factor": 4.0}
            """;

    private Apertus() {}

    static ModelConfig describe(ConfigFile config) {
        config.require("qk_norm", "true", "true");
        config.require("post_norm", "false", "false");
        Shape read = Shape.read(config);
        RotaryConfig rotary = RotaryConfig.whole(withRope(config), 12_000_000);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        Attention attention = Attention.full(shape, List.of(rotary.read(read))).withQueryKeyNorm(QueryKeyNorm.PER_HEAD);
        boolean bias = config.flag("attention_bias", false);
        boolean learned = config.text("hidden_act", "xielu").equals("xielu");
        Activation activation = learned ? Activation.XIELU : Activation.read(config, "hidden_act", "");
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        List<StoredLayer> layers = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            StoredLayer layer = layer("layers." + i + ".", shape, dimensions, bias);
            layers.add(learned ? withNumbers(layer, "layers." + i + ".mlp.act_fn.") : layer);
        }
        return ModelConfig.plain(
                "Apertus",
                shape,
                Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)),
                BlockLayout.PRE,
                attention,
                FeedForward.plain(activation),
                config.flag("tie_word_embeddings", false),
                StoredModel.llama(StoredNorm.weight("norm"), layers));
    }

    private static ConfigFile withRope(ConfigFile config) {
        boolean given = config.has("rope_parameters")
                || !config.object("rope_scaling").json().isEmpty();
        return given ? config : config.withObject("rope_parameters", USUAL_ROPE);
    }

    private static StoredLayer withNumbers(StoredLayer layer, String name) {
        return layer.withActivation(
                StoredRows.all(name + "alpha_p", 1),
                StoredRows.all(name + "alpha_n", 1),
                StoredRows.all(name + "beta", 1),
                StoredRows.all(name + "eps", 1));
    }

    private static StoredLayer layer(String name, Shape shape, int[] dimensions, boolean bias) {
        int hidden = shape.hiddenSize();
        int inner = shape.feedForwardSize();
        String attention = name + "self_attn.";
        return StoredLayer.of(
                        StoredNorm.weight(name + "attention_layernorm"),
                        Llama.queriesKeysValues(attention, shape, dimensions, bias),
                        StoredLinear.of(shape.queryWidth(), bias, StoredRows.all(attention + "o_proj", hidden)),
                        StoredNorm.weight(name + "feedforward_layernorm"),
                        StoredLinear.of(hidden, false, StoredRows.all(name + "mlp.up_proj", inner)),
                        StoredLinear.of(inner, false, StoredRows.all(name + "mlp.down_proj", hidden)))
                .withQueryKeyNorm(
                        StoredRows.repeated(attention + "q_norm", shape.heads(), dimensions),
                        StoredRows.repeated(attention + "k_norm", shape.keyValueHeads(), dimensions));
    }
}
