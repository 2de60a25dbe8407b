package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * EXAONE 3.0 and 3.5: Llama by other names. Its code comes with the published models, {@code modeling_exaone.py}, and takes
 * rotary embeddings from transformers. That code has had several defaults for some keys, which must be given.
 */
final class Exaone {
    private static final Pattern TURNS = Pattern.compile("transformer\\..*rotary\\.inv_freq");

    private Exaone() {}

    static ModelConfig describe(ConfigFile config) {
        Shape read = shape(config);
        RotaryConfig rotary = RotaryConfig.whole(config, 10_000);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        Attention attention = Attention.full(shape, List.of(rotary.read(read)));
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        return ModelConfig.plain(
                "EXAONE",
                shape,
                Norm.rms(config.positiveNumber("layer_norm_epsilon")),
                BlockLayout.PRE,
                attention,
                FeedForward.gated(Activation.read(config, "activation_function", "silu")),
                config.requiredFlag("tie_word_embeddings"),
                new StoredModel(
                        List.of("transformer."),
                        "wte.weight",
                        null,
                        0,
                        StoredNorm.weight("ln_f"),
                        List.of("lm_head"),
                        false,
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("h." + i + ".", shape, dimensions))
                                .toList(),
                        List.of(TURNS)));
    }

    private static Shape shape(ConfigFile config) {
        int hidden = config.positiveInt("hidden_size");
        int heads = config.positiveInt("num_attention_heads");
        int headDim = Shape.dividedByHeads(config, "hidden_size", hidden, "num_attention_heads", heads);
        if (config.positiveInt("head_dim", headDim) != headDim) {
            throw config.refusal("head_dim", "is not 'hidden_size' by 'num_attention_heads' (" + headDim + ")");
        }
        return new Shape(
                        config.positiveInt("vocab_size"),
                        hidden,
                        config.positiveInt(config.keyOf("num_layers", "num_hidden_layers")),
                        heads,
                        config.positiveInt("num_key_value_heads", heads),
                        headDim,
                        config.positiveInt("intermediate_size", 4 * hidden),
                        config.positiveInt("max_position_embeddings"))
                .checked(config);
    }

    private static StoredLayer layer(String name, Shape shape, int[] dimensions) {
        int hidden = shape.hiddenSize();
        int inner = shape.feedForwardSize();
        String attention = name + "attn.attention.";
        return StoredLayer.of(
                StoredNorm.weight(name + "ln_1"),
                Llama.queriesKeysValues(attention, shape, dimensions, false),
                StoredLinear.of(shape.queryWidth(), false, StoredRows.all(attention + "out_proj", hidden)),
                StoredNorm.weight(name + "ln_2"),
                StoredLinear.of(
                        hidden,
                        false,
                        StoredRows.all(name + "mlp.c_fc_0", inner),
                        StoredRows.all(name + "mlp.c_fc_1", inner)),
                StoredLinear.of(inner, false, StoredRows.all(name + "mlp.c_proj", hidden)));
    }
}
