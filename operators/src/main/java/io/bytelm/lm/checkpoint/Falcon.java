package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Falcon 7B, 40B and 180B, and Falcon-RW with ALiBi: each key-value head's queries, key and value stored together.
 * Biases are those of transformers' default, {@code sdpa}; its {@code eager} attention adds them twice. Source: {@code
 * modeling_falcon.py}.
 */
final class Falcon {
    private Falcon() {}

    static ModelConfig describe(ConfigFile config) {
        config.require("apply_residual_connection_post_layernorm", "false", "false");
        boolean isNew = config.flag("new_decoder_architecture", false);
        Shape shape = shape(config, isNew);
        boolean parallel = config.flag("parallel_attn", true) || isNew;
        int norms = config.positiveInt("num_ln_in_parallel_attn", isNew ? 2 : 1);
        Attention attention = attention(config, shape);
        int[] dimensions = attention.alibi() == null
                ? Llama.rotaryOrder(shape, attention)
                : RotaryEmbedding.unordered(shape.headDim());
        boolean bias = config.flag("bias", false);
        return ModelConfig.plain(
                "Falcon",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_epsilon", 1e-5)),
                parallel ? BlockLayout.PARALLEL : BlockLayout.PRE,
                attention,
                FeedForward.plain(Activation.read(config, "activation", "gelu")),
                config.flag("tie_word_embeddings", true),
                new StoredModel(
                        List.of("transformer."),
                        "word_embeddings.weight",
                        null,
                        0,
                        StoredNorm.weightAndBias("ln_f"),
                        List.of("lm_head"),
                        false,
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("h." + i + ".", shape, dimensions, bias)
                                        .withNorms(
                                                norm(i, isNew && norms == 2 ? "ln_attn" : "input_layernorm"),
                                                norm(i, secondNorm(parallel, isNew && norms == 2))))
                                .toList(),
                        List.of()));
    }

    private static Attention attention(ConfigFile config, Shape shape) {
        if (config.flag("alibi", false)) {
            for (String key : List.of("rope_parameters", "rope_scaling", "rope_theta")) {
                config.ignore(key);
            }
            Attention unturned = Attention.full(shape, List.of());
            return unturned.withAlibi(Alibi.geometric(shape.heads()).rounded(unturned.scale()));
        }
        return Attention.full(shape, List.of(RotaryConfig.of(config, 10_000, 1).read(shape)));
    }

    private static String secondNorm(boolean parallel, boolean hasTwo) {
        return hasTwo ? "ln_mlp" : parallel ? "input_layernorm" : "post_attention_layernorm";
    }

    private static StoredNorm norm(int layer, String name) {
        return StoredNorm.weightAndBias("h." + layer + "." + name);
    }

    private static Shape shape(ConfigFile config, boolean isNew) {
        int hidden = config.positiveInt("hidden_size");
        int heads = config.positiveInt("num_attention_heads");
        int stored = config.positiveInt("num_kv_heads", heads);
        boolean multiQuery = config.flag("multi_query", true);
        return new Shape(
                        config.positiveInt("vocab_size"),
                        hidden,
                        config.positiveInt("num_hidden_layers"),
                        heads,
                        isNew ? stored : multiQuery ? 1 : heads,
                        Shape.dividedByHeads(config, "hidden_size", hidden, heads),
                        config.positiveInt("ffn_hidden_size", 4 * hidden),
                        config.positiveInt("max_position_embeddings", 2048))
                .checked(config);
    }

    private static StoredLayer layer(String name, Shape shape, int[] dimensions, boolean bias) {
        int hidden = shape.hiddenSize();
        int headDim = shape.headDim();
        int sharers = shape.heads() / shape.keyValueHeads();
        int group = (sharers + 2) * headDim;
        int stored = shape.keyValueHeads() * group;
        String projections = name + "self_attention.query_key_value";
        return StoredLayer.of(
                StoredNorm.NONE,
                StoredLinear.of(
                        hidden,
                        bias,
                        StoredRows.heads(
                                projections,
                                stored,
                                shape.heads(),
                                h -> h / sharers * group + h % sharers * headDim,
                                dimensions),
                        StoredRows.heads(
                                projections,
                                stored,
                                shape.keyValueHeads(),
                                h -> h * group + sharers * headDim,
                                dimensions),
                        StoredRows.heads(
                                projections,
                                stored,
                                shape.keyValueHeads(),
                                h -> h * group + (sharers + 1) * headDim,
                                RotaryEmbedding.unordered(headDim))),
                StoredLinear.of(hidden, bias, StoredRows.all(name + "self_attention.dense", hidden)),
                StoredNorm.NONE,
                StoredLinear.of(hidden, bias, StoredRows.all(name + "mlp.dense_h_to_4h", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), bias, StoredRows.all(name + "mlp.dense_4h_to_h", hidden)));
    }
}
