package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * OPT, without the 350M model, whose norms stand elsewhere: learned positions from row 2 on, LayerNorm, ReLU. Source: {@code
 * modeling_opt.py}.
 */
final class Opt {
    private static final int FIRST_POSITION = 2;

    private Opt() {}

    static ModelConfig describe(ConfigFile config) {
        config.require("do_layer_norm_before", "true", "true");
        config.require("_remove_final_layer_norm", "false", "false");
        config.require("layer_norm_elementwise_affine", "true", "true");
        int hidden = config.positiveInt("hidden_size");
        if (config.positiveInt("word_embed_proj_dim", hidden) != hidden) {
            throw config.refusal(
                    "word_embed_proj_dim", "is not 'hidden_size' (" + hidden + "), which is not supported");
        }
        int heads = config.positiveInt("num_attention_heads");
        Shape shape = new Shape(
                        config.positiveInt("vocab_size"),
                        hidden,
                        config.positiveInt("num_hidden_layers"),
                        heads,
                        heads,
                        Shape.dividedByHeads(config, "hidden_size", hidden, "num_attention_heads", heads),
                        config.positiveInt("ffn_dim"),
                        config.positiveInt("max_position_embeddings"))
                .checked(config);
        boolean bias = config.flag("enable_bias", true);
        return ModelConfig.plain(
                "OPT",
                shape,
                Norm.layer(1e-5),
                BlockLayout.PRE,
                Attention.full(shape, List.of()),
                FeedForward.plain(Activation.read(config, "activation_function", "relu")),
                config.flag("tie_word_embeddings", true),
                new StoredModel(
                        List.of("model.decoder.", "decoder."),
                        "embed_tokens.weight",
                        "embed_positions.weight",
                        FIRST_POSITION,
                        StoredNorm.weightAndBias("final_layer_norm"),
                        List.of("lm_head"),
                        false,
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("layers." + i + ".", shape, bias))
                                .toList(),
                        List.of()));
    }

    private static StoredLayer layer(String name, Shape shape, boolean bias) {
        int hidden = shape.hiddenSize();
        return StoredLayer.of(
                StoredNorm.weightAndBias(name + "self_attn_layer_norm"),
                Llama.queriesKeysValues(name + "self_attn.", shape, RotaryEmbedding.unordered(shape.headDim()), bias),
                StoredLinear.of(hidden, bias, StoredRows.all(name + "self_attn.out_proj", hidden)),
                StoredNorm.weightAndBias(name + "final_layer_norm"),
                StoredLinear.of(hidden, bias, StoredRows.all(name + "fc1", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), bias, StoredRows.all(name + "fc2", hidden)));
    }
}
