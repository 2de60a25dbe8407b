package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** GPT-2: learned positions, LayerNorm, biases everywhere, matrices stored transposed. Source: {@code modeling_gpt2.py}. */
final class Gpt2 {
    private static final Pattern MASKS = Pattern.compile("(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias");

    /** What versions of transformers before 3 wrote, and none reads now. */
    private static final List<String> ABANDONED =
            List.of("n_special", "predict_special_tokens", "output_past", "_num_labels");

    private Gpt2() {}

    static ModelConfig describe(ConfigFile config) {
        config.require("reorder_and_upcast_attn", "false", "false", "true"); // the same numbers in float32
        int maxPositions = config.positiveInt("n_positions", config.positiveInt("n_ctx", 1024));
        Shape shape = Shape.ofEqualHeads(config, "n_embd", "n_layer", "n_head", "n_inner", maxPositions);
        ABANDONED.forEach(config::ignore);
        boolean scaled = config.flag("scale_attn_weights", true);
        boolean byLayer = config.flag("scale_attn_by_inverse_layer_idx", false);
        return ModelConfig.plain(
                "GPT2",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_epsilon", 1e-5)),
                BlockLayout.PRE,
                scaled
                        ? Attention.full(shape, List.of())
                        : Attention.full(shape, List.of()).withScale(1),
                FeedForward.plain(Activation.read(config, "activation_function", "gelu_new")),
                config.flag("tie_word_embeddings", true),
                new StoredModel(
                        List.of("transformer.", ""),
                        "wte.weight",
                        "wpe.weight",
                        0,
                        StoredNorm.weightAndBias("ln_f"),
                        List.of("lm_head"),
                        false,
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("h." + i + ".", shape, byLayer ? 1.0 / (i + 1) : 1))
                                .toList(),
                        List.of(MASKS)));
    }

    /** @param queryFactor a scale of the layer's scores, which queries take with them */
    private static StoredLayer layer(String name, Shape shape, double queryFactor) {
        int hidden = shape.hiddenSize();
        String projections = name + "attn.c_attn";
        StoredLinear queriesKeysValues = queryFactor == 1
                ? StoredLinear.transposed(hidden, StoredRows.all(projections, 3 * hidden))
                : StoredLinear.transposed(
                        hidden,
                        StoredRows.range(projections, 3 * hidden, 0, hidden).times(queryFactor),
                        StoredRows.range(projections, 3 * hidden, hidden, 2 * hidden));
        return StoredLayer.of(
                StoredNorm.weightAndBias(name + "ln_1"),
                queriesKeysValues,
                StoredLinear.transposed(hidden, StoredRows.all(name + "attn.c_proj", hidden)),
                StoredNorm.weightAndBias(name + "ln_2"),
                StoredLinear.transposed(hidden, StoredRows.all(name + "mlp.c_fc", shape.feedForwardSize())),
                StoredLinear.transposed(shape.feedForwardSize(), StoredRows.all(name + "mlp.c_proj", hidden)));
    }
}
