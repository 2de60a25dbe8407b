package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * MPT 7B and 30B: ALiBi, LayerNorm without bias, no biases at all. Much that the original code can be configured to do is
 * not computed by transformers, and refused. Source: {@code modeling_mpt.py}.
 */
final class Mpt {
    /** How weights are made and gradients scaled. */
    private static final List<String> ABANDONED =
            List.of("emb_init_std", "embedding_fraction", "init_config", "init_device", "init_nonlinearity", "verbose");

    private Mpt() {}

    static ModelConfig describe(ConfigFile config) {
        ABANDONED.forEach(config::ignore);
        requireWhatIsComputed(config);
        Shape shape =
                Shape.ofEqualHeads(config, "d_model", "n_layers", "n_heads", config.positiveInt("max_seq_len", 2048));
        return ModelConfig.plain(
                "Mpt",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_epsilon", 1e-5)),
                BlockLayout.PRE,
                attention(config.object("attn_config"), shape),
                FeedForward.plain(Activation.GELU),
                config.flag("tie_word_embeddings", true),
                new StoredModel(
                        List.of("transformer."),
                        "wte.weight",
                        null,
                        0,
                        StoredNorm.weight("norm_f"),
                        List.of("lm_head"),
                        false,
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("blocks." + i + ".", shape))
                                .toList(),
                        List.of()));
    }

    private static void requireWhatIsComputed(ConfigFile config) {
        config.require("no_bias", "true", "true");
        config.require("logit_scale", "null", "null");
        config.require("expansion_ratio", "4", "4");
        config.require("norm_type", "low_precision_layernorm", "low_precision_layernorm", "layernorm");
        config.flag("learned_pos_emb", true); // of a model without ALiBi
    }

    private static Attention attention(ConfigFile config, Shape shape) {
        config.ignore("attn_impl");
        config.require("attn_type", "multihead_attention", "multihead_attention");
        config.require("alibi", "true", "true");
        config.require("alibi_bias_max", "8", "8");
        for (String key : List.of("prefix_lm", "qk_ln", "attn_uses_sequence_id")) {
            config.require(key, "false", "false");
        }
        Attention attention = Attention.full(shape, List.of()).withAlibi(Alibi.ofMpt(shape.heads()));
        boolean clips = config.value("clip_qkv").asDouble() != 0;
        return attention
                .withScale(config.positiveNumber("softmax_scale", attention.scale()))
                .withClip(clips ? config.positiveNumber("clip_qkv") : Attention.UNCAPPED);
    }

    private static StoredLayer layer(String name, Shape shape) {
        int hidden = shape.hiddenSize();
        return StoredLayer.of(
                StoredNorm.weight(name + "norm_1"),
                StoredLinear.of(hidden, false, StoredRows.all(name + "attn.Wqkv", 3 * hidden)),
                StoredLinear.of(hidden, false, StoredRows.all(name + "attn.out_proj", hidden)),
                StoredNorm.weight(name + "norm_2"),
                StoredLinear.of(hidden, false, StoredRows.all(name + "ffn.up_proj", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), false, StoredRows.all(name + "ffn.down_proj", hidden)));
    }
}
