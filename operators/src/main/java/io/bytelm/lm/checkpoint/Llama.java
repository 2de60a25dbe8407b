package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Llama 1 to 3, SmolLM2, TinyLlama, and many others under its name. Source: transformers' {@code modeling_llama.py}. Others
 * follow its names and shapes of weights, and take them from here.
 */
final class Llama {
    private Llama() {}

    static ModelConfig describe(ConfigFile config) {
        config.require("rope_interleaved", "false", "false");
        Shape read = Shape.read(config);
        RotaryConfig rotary = RotaryConfig.whole(config, 10_000);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        boolean bias = config.flag("attention_bias", false);
        return model(
                "Llama",
                config,
                shape,
                Attention.full(shape, List.of(rotary.read(read))),
                new Biases(bias, bias, config.flag("mlp_bias", false)));
    }

    /**
     * Which linear layers have biases.
     *
     * @param inputs the projections to queries, keys and values
     * @param output attention's output projection
     * @param feedForward both of the feed-forward block
     */
    record Biases(boolean inputs, boolean output, boolean feedForward) {
        static final Biases NONE = new Biases(false, false, false);
    }

    /** A model with Llama's block: RMSNorm before, a gated feed-forward block. */
    static ModelConfig model(String family, ConfigFile config, Shape shape, Attention attention, Biases biases) {
        return model(family, config, shape, attention, biases, false);
    }

    static ModelConfig model(
            String family, ConfigFile config, Shape shape, Attention attention, Biases biases, boolean tiedIfAbsent) {
        return ModelConfig.plain(
                family,
                shape,
                Norm.rms(config.positiveNumber("rms_norm_eps", 1e-6)),
                BlockLayout.PRE,
                attention,
                FeedForward.gated(Activation.read(config, "hidden_act", "silu")),
                config.flag("tie_word_embeddings", tiedIfAbsent),
                StoredModel.llama(StoredNorm.weight("norm"), layers(shape, rotaryOrder(shape, attention), biases)));
    }

    /** A model whose stored queries and keys pair neighbouring dimensions. */
    static ModelConfig withNeighbourPairs(ModelConfig llama, Biases biases) {
        int[] dimensions = RotaryEmbedding.dimensionOrder(
                llama.headDim(), llama.attention().rotaries().get(0).dimensions(), RotaryEmbedding.Pairs.NEIGHBOURS);
        return llama.withWeights(llama.weights().withLayers(layers(llama.shape(), dimensions, biases)));
    }

    /** The order of a head's stored dimensions where those that turn are paired by halves. */
    static int[] rotaryOrder(Shape shape, Attention attention) {
        return RotaryEmbedding.dimensionOrder(
                shape.headDim(), attention.rotaries().get(0).dimensions(), RotaryEmbedding.Pairs.HALVES);
    }

    static List<StoredLayer> layers(Shape shape, int[] dimensions, Biases biases) {
        return IntStream.range(0, shape.layers())
                .mapToObj(i -> layer("layers." + i + ".", shape, dimensions, biases))
                .toList();
    }

    private static StoredLayer layer(String name, Shape shape, int[] dimensions, Biases biases) {
        int hidden = shape.hiddenSize();
        return StoredLayer.of(
                StoredNorm.weight(name + "input_layernorm"),
                queriesKeysValues(name + "self_attn.", shape, dimensions, biases.inputs()),
                StoredLinear.of(shape.queryWidth(), biases.output(), StoredRows.all(name + "self_attn.o_proj", hidden)),
                StoredNorm.weight(name + "post_attention_layernorm"),
                gateAndUp(name + "mlp.", shape, biases.feedForward()),
                StoredLinear.of(
                        shape.feedForwardSize(), biases.feedForward(), StoredRows.all(name + "mlp.down_proj", hidden)));
    }

    /** Three matrices, the rows of queries and keys in the order in which their dimensions are to turn. */
    static StoredLinear queriesKeysValues(String name, Shape shape, int[] dimensions, boolean biased) {
        int headDim = shape.headDim();
        return StoredLinear.of(
                shape.hiddenSize(),
                biased,
                StoredRows.heads(
                        name + "q_proj", shape.queryWidth(), shape.heads(), head -> head * headDim, dimensions),
                StoredRows.heads(
                        name + "k_proj", shape.keyWidth(), shape.keyValueHeads(), head -> head * headDim, dimensions),
                StoredRows.all(name + "v_proj", shape.keyWidth()));
    }

    static StoredLinear gateAndUp(String name, Shape shape, boolean biased) {
        return StoredLinear.of(
                shape.hiddenSize(),
                biased,
                StoredRows.all(name + "gate_proj", shape.feedForwardSize()),
                StoredRows.all(name + "up_proj", shape.feedForwardSize()));
    }
}
