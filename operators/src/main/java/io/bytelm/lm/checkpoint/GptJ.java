package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * GPT-J: attention and feed-forward side by side after one norm, neighbouring dimensions turn together, a bias of the output
 * layer. Source: {@code modeling_gptj.py}.
 */
final class GptJ {
    private static final Pattern MASKS = Pattern.compile("transformer\\.h\\.\\d+\\.attn\\.(masked_)?bias");

    private GptJ() {}

    static ModelConfig describe(ConfigFile config) {
        config.ignore("rotary"); // of the original code
        config.require("scale_attn_weights", "true", "true");
        Shape shape =
                Shape.ofEqualHeads(config, "n_embd", "n_layer", "n_head", "n_inner", config.positiveInt("n_positions"));
        int turning = config.positiveInt("rotary_dim");
        if (turning % 2 != 0 || turning > shape.headDim()) {
            throw config.refusal(
                    "rotary_dim",
                    "is " + turning + ", expected an even number up to the " + shape.headDim() + " of a head");
        }
        RotaryEmbedding rotary = new RotaryEmbedding(10_000, turning, new RotaryScaling.Unscaled());
        int[] dimensions =
                RotaryEmbedding.dimensionOrder(shape.headDim(), rotary.dimensions(), RotaryEmbedding.Pairs.NEIGHBOURS);
        return ModelConfig.plain(
                "GPTJ",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_epsilon", 1e-5)),
                BlockLayout.PARALLEL,
                Attention.full(shape, List.of(rotary)),
                FeedForward.plain(Activation.read(config, "activation_function", "gelu_new")),
                config.flag("tie_word_embeddings", false),
                new StoredModel(
                        List.of("transformer."),
                        "wte.weight",
                        null,
                        0,
                        StoredNorm.weightAndBias("ln_f"),
                        List.of("lm_head"),
                        true,
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("h." + i + ".", shape, dimensions))
                                .toList(),
                        List.of(MASKS)));
    }

    private static StoredLayer layer(String name, Shape shape, int[] dimensions) {
        int hidden = shape.hiddenSize();
        StoredNorm norm = StoredNorm.weightAndBias(name + "ln_1");
        return StoredLayer.of(
                norm,
                Llama.queriesKeysValues(name + "attn.", shape, dimensions, false),
                StoredLinear.of(hidden, false, StoredRows.all(name + "attn.out_proj", hidden)),
                norm,
                StoredLinear.of(hidden, true, StoredRows.all(name + "mlp.fc_in", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), true, StoredRows.all(name + "mlp.fc_out", hidden)));
    }
}
