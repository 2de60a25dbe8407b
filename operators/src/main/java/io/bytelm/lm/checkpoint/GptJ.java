package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.function.Function;
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
        int[] dimensions = RotaryEmbedding.dimensionOrder(
                shape.headDim(), rotary(config, shape).dimensions(), RotaryEmbedding.Pairs.NEIGHBOURS);
        return model("GPTJ", config, shape, name -> Llama.queriesKeysValues(name, shape, dimensions, false), MASKS);
    }

    static RotaryEmbedding rotary(ConfigFile config, Shape shape) {
        int turning = config.positiveInt("rotary_dim");
        if (turning % 2 != 0 || turning > shape.headDim()) {
            throw config.refusal(
                    "rotary_dim",
                    "is " + turning + ", expected an even number up to the " + shape.headDim() + " of a head");
        }
        return new RotaryEmbedding(10_000, turning, new RotaryScaling.Unscaled());
    }

    /**
     * A model with GPT-J's block.
     *
     * @param queriesKeysValues by the name of a layer's attention
     * @param masks tensors that older versions stored
     */
    static ModelConfig model(
            String family,
            ConfigFile config,
            Shape shape,
            Function<String, StoredLinear> queriesKeysValues,
            Pattern masks) {
        return ModelConfig.plain(
                family,
                shape,
                Norm.layer(config.positiveNumber("layer_norm_epsilon", 1e-5)),
                BlockLayout.PARALLEL,
                Attention.full(shape, List.of(rotary(config, shape))),
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
                                .mapToObj(i -> layer("h." + i + ".", shape, queriesKeysValues))
                                .toList(),
                        List.of(masks)));
    }

    private static StoredLayer layer(String name, Shape shape, Function<String, StoredLinear> queriesKeysValues) {
        int hidden = shape.hiddenSize();
        StoredNorm norm = StoredNorm.weightAndBias(name + "ln_1");
        return StoredLayer.of(
                norm,
                queriesKeysValues.apply(name + "attn."),
                StoredLinear.of(hidden, false, StoredRows.all(name + "attn.out_proj", hidden)),
                norm,
                StoredLinear.of(hidden, true, StoredRows.all(name + "mlp.fc_in", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), true, StoredRows.all(name + "mlp.fc_out", hidden)));
    }
}
