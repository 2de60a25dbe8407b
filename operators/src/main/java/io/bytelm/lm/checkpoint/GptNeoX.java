package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * GPT-NeoX, and so Pythia: LayerNorm, attention and feed-forward side by side, queries, keys and values interleaved by
 * head. Source: {@code modeling_gpt_neox.py}.
 */
final class GptNeoX {
    private static final Pattern NO_WEIGHTS =
            Pattern.compile("(gpt_neox\\.)?layers\\.\\d+\\.attention\\.(bias|masked_bias|rotary_emb\\.inv_freq)");

    private GptNeoX() {}

    static ModelConfig describe(ConfigFile config) {
        int heads = config.positiveInt("num_attention_heads");
        Shape shape = Shape.read(config, heads);
        RotaryEmbedding rotary =
                new RotaryConfig(config, "rotary_emb_base", "rotary_pct", 10_000, OptionalDouble.of(0.25)).read(shape);
        boolean bias = config.flag("attention_bias", true);
        int[] dimensions =
                RotaryEmbedding.dimensionOrder(shape.headDim(), rotary.dimensions(), RotaryEmbedding.Pairs.HALVES);
        return ModelConfig.plain(
                "GPTNeoX",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_eps", 1e-5)),
                config.flag("use_parallel_residual", true) ? BlockLayout.PARALLEL : BlockLayout.PRE,
                Attention.full(shape, List.of(rotary)),
                FeedForward.plain(Activation.read(config, "hidden_act", "gelu")),
                config.flag("tie_word_embeddings", false),
                new StoredModel(
                        List.of("gpt_neox."),
                        "embed_in.weight",
                        null,
                        0,
                        StoredNorm.weightAndBias("final_layer_norm"),
                        List.of("embed_out", "lm_head"),
                        false,
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("layers." + i + ".", shape, dimensions, bias))
                                .toList(),
                        List.of(NO_WEIGHTS)));
    }

    private static StoredLayer layer(String name, Shape shape, int[] dimensions, boolean bias) {
        int hidden = shape.hiddenSize();
        int headDim = shape.headDim();
        String projections = name + "attention.query_key_value";
        int stored = 3 * shape.queryWidth();
        return StoredLayer.of(
                StoredNorm.weightAndBias(name + "input_layernorm"),
                StoredLinear.of(
                        hidden,
                        bias,
                        StoredRows.heads(projections, stored, shape.heads(), h -> 3 * h * headDim, dimensions),
                        StoredRows.heads(projections, stored, shape.heads(), h -> (3 * h + 1) * headDim, dimensions),
                        StoredRows.heads(
                                projections,
                                stored,
                                shape.heads(),
                                h -> (3 * h + 2) * headDim,
                                RotaryEmbedding.unordered(headDim))),
                StoredLinear.of(shape.queryWidth(), bias, StoredRows.all(name + "attention.dense", hidden)),
                StoredNorm.weightAndBias(name + "post_attention_layernorm"),
                StoredLinear.of(hidden, true, StoredRows.all(name + "mlp.dense_h_to_4h", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), true, StoredRows.all(name + "mlp.dense_4h_to_h", hidden)));
    }
}
