package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What Qwen3-Next and Qwen3.5 share: three of four layers are gated delta nets, attention in the others has gates of its own,
 * and norms, but for those of delta nets' heads, store the difference to one.
 */
final class QwenHybrid {
    /** Layers that predict a second token, which nobody asks for. */
    static final Pattern SECOND_TOKEN = Pattern.compile("mtp\\..*");

    private QwenHybrid() {}

    /**
     * The projections of a delta net.
     *
     * @param convolved rows: queries, keys, values and gates of all heads
     * @param rates as {@link StoredDeltaNet} says
     */
    record Projections(StoredLinear convolved, StoredLinear rates) {}

    /** How they are stored. */
    @FunctionalInterface
    interface Inputs {
        /** @param name of the layer's delta net */
        Projections of(String name, int hidden, DeltaNet net);
    }

    static ModelConfig model(
            String family, ConfigFile config, Shape shape, boolean tiedIfAbsent, Inputs inputs, List<Pattern> ignored) {
        DeltaNet net = DeltaNetConfig.read(config, shape.layers());
        Attention attention = attention(config, shape, net);
        boolean bias = config.flag("attention_bias", false);
        ModelConfig llama =
                Llama.model(family, config, shape, attention, new Llama.Biases(bias, bias, false), tiedIfAbsent);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : Qwen3.withHeadNorms(llama, shape, attention, 1)) {
            String name = "layers." + layers.size() + ".";
            StoredLayer normed = layer.withNorms(
                    StoredNorm.onePlus(layer.attentionNorm().name()),
                    StoredNorm.onePlus(layer.feedForwardNorm().name()));
            layers.add(
                    net.layers().get(layers.size())
                            ? withDeltaNet(normed, name + "linear_attn.", shape, net, inputs)
                            : withGates(normed, name + "self_attn.", shape, attention, bias));
        }
        return llama.withWeights(new StoredModel(
                List.of("model."),
                "embed_tokens.weight",
                null,
                0,
                StoredNorm.onePlus("norm"),
                List.of("lm_head"),
                false,
                layers,
                ignored));
    }

    private static Attention attention(ConfigFile config, Shape shape, DeltaNet net) {
        config.require("attn_output_gate", "true", "true");
        List.of("mamba_ssm_dtype", "mtp_num_hidden_layers", "mtp_use_dedicated_embeddings")
                .forEach(config::ignore);
        for (String rope : List.of("rope_parameters", "rope_scaling")) {
            // Of the three positions that a token of an image has; those of text are one.
            List.of("mrope_section", "mrope_interleaved").forEach(config.object(rope)::ignore);
        }
        return Attention.full(shape, List.of(RotaryConfig.partial(config, 0.25).read(shape)))
                .withQueryKeyNorm(QueryKeyNorm.PER_HEAD)
                .withOutputGate(OutputGate.SIGMOID)
                .withDeltaNet(net);
    }

    private static StoredLayer withDeltaNet(StoredLayer layer, String name, Shape shape, DeltaNet net, Inputs inputs) {
        Projections projections = inputs.of(name, shape.hiddenSize(), net);
        return layer.withDeltaNet(
                projections.convolved(),
                StoredLinear.of(net.valueWidth(), false, StoredRows.all(name + "out_proj", shape.hiddenSize())),
                StoredDeltaNet.of(name, projections.rates()));
    }

    /** A head's gate is stored below its query. */
    private static StoredLayer withGates(
            StoredLayer layer, String name, Shape shape, Attention attention, boolean biased) {
        int headDim = shape.headDim();
        int[] turning = Llama.rotaryOrder(shape, attention);
        int[] asStored = IntStream.range(0, headDim).toArray();
        int stored = 2 * shape.queryWidth();
        StoredLinear inputs = StoredLinear.of(
                shape.hiddenSize(),
                biased,
                StoredRows.heads(name + "q_proj", stored, shape.heads(), head -> 2 * head * headDim, turning),
                StoredRows.heads(
                        name + "k_proj", shape.keyWidth(), shape.keyValueHeads(), head -> head * headDim, turning),
                StoredRows.all(name + "v_proj", shape.keyWidth()),
                StoredRows.heads(name + "q_proj", stored, shape.heads(), head -> (2 * head + 1) * headDim, asStored));
        return layer.withLinears(inputs, layer.attentionOutput(), layer.feedForwardIn(), layer.feedForwardOut());
    }
}
