package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Bloom and Bloomz: ALiBi, a norm of the embeddings, and each head's query, key and value stored together. Source: {@code
 * modeling_bloom.py}.
 */
final class Bloom {
    /** What older versions wrote, all of which {@code transformers} computes alike. */
    private static final List<String> ABANDONED = List.of(
            "attention_softmax_in_fp32",
            "bias_dropout_fusion",
            "masked_softmax_fusion",
            "offset_alibi",
            "skip_bias_add",
            "skip_bias_add_qkv");

    private Bloom() {}

    static ModelConfig describe(ConfigFile config) {
        config.require("apply_residual_connection_post_layernorm", "false", "false");
        config.require("slow_but_exact", "false", "false");
        config.require("n_inner", "null", "null");
        ABANDONED.forEach(config::ignore);
        Shape shape = Shape.ofEqualHeads(
                config,
                config.keyOf("hidden_size", "n_embed"),
                config.keyOf("n_layer", "num_hidden_layers"),
                config.keyOf("n_head", "num_attention_heads"),
                config.positiveInt("seq_length", 2048));
        return ModelConfig.plain(
                "Bloom",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_epsilon", 1e-5)),
                BlockLayout.PRE,
                Attention.full(shape, List.of()).withAlibi(Alibi.geometric(shape.heads())),
                FeedForward.plain(Activation.GELU_TANH),
                config.flag("tie_word_embeddings", true),
                new StoredModel(
                                List.of("transformer.", ""),
                                "word_embeddings.weight",
                                null,
                                0,
                                StoredNorm.weightAndBias("ln_f"),
                                List.of("lm_head"),
                                false,
                                IntStream.range(0, shape.layers())
                                        .mapToObj(i -> layer("h." + i + ".", shape))
                                        .toList(),
                                List.of())
                        .withEmbeddingNorm(StoredNorm.weightAndBias("word_embeddings_layernorm")));
    }

    private static StoredLayer layer(String name, Shape shape) {
        int hidden = shape.hiddenSize();
        int headDim = shape.headDim();
        int[] dimensions = RotaryEmbedding.unordered(headDim);
        String projections = name + "self_attention.query_key_value";
        StoredRows[] parts = IntStream.range(0, 3)
                .mapToObj(part -> StoredRows.heads(
                        projections, 3 * hidden, shape.heads(), head -> (3 * head + part) * headDim, dimensions))
                .toArray(StoredRows[]::new);
        return StoredLayer.of(
                StoredNorm.weightAndBias(name + "input_layernorm"),
                StoredLinear.of(hidden, true, parts),
                StoredLinear.of(hidden, true, StoredRows.all(name + "self_attention.dense", hidden)),
                StoredNorm.weightAndBias(name + "post_attention_layernorm"),
                StoredLinear.of(hidden, true, StoredRows.all(name + "mlp.dense_h_to_4h", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), true, StoredRows.all(name + "mlp.dense_4h_to_h", hidden)));
    }
}
