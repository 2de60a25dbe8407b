package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Phi-3, Phi-3.5, Phi-4 and Phi-4-mini: Llama with its projections in two stored matrices. Source: {@code
 * modeling_phi3.py}.
 */
final class Phi3 {
    private Phi3() {}

    static ModelConfig describe(ConfigFile config) {
        config.require("full_attn_mod", "1", "1");
        config.require("interpolate_factor", "1", "1");
        config.require("lm_head_bias", "false", "false");
        config.positiveInt("original_max_position_embeddings", 4096);
        Shape read = Shape.read(config);
        RotaryConfig rotary = RotaryConfig.partial(config, 1);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        Attention attention = Attention.full(shape, List.of(rotary.read(read)))
                .withWindow(LayerKinds.window(config), LayerKinds.all(shape.layers(), true), shape.maxPositions());
        ModelConfig llama = Llama.model("Phi3", config, shape, attention, Llama.Biases.NONE)
                .withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)));
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        return llama.withWeights(llama.weights()
                .withLayers(IntStream.range(0, shape.layers())
                        .mapToObj(i -> layer(llama.weights().layers().get(i), "layers." + i + ".", shape, dimensions))
                        .toList()));
    }

    private static StoredLayer layer(StoredLayer llama, String name, Shape shape, int[] dimensions) {
        int headDim = shape.headDim();
        String projections = name + "self_attn.qkv_proj";
        int keys = shape.queryWidth();
        int values = keys + shape.keyWidth();
        int stored = values + shape.keyWidth();
        return llama.withLinears(
                StoredLinear.of(
                        shape.hiddenSize(),
                        false,
                        StoredRows.heads(projections, stored, shape.heads(), h -> h * headDim, dimensions),
                        StoredRows.heads(
                                projections, stored, shape.keyValueHeads(), h -> keys + h * headDim, dimensions),
                        StoredRows.range(projections, stored, values, shape.keyWidth())),
                llama.attentionOutput(),
                StoredLinear.of(
                        shape.hiddenSize(),
                        false,
                        StoredRows.all(name + "mlp.gate_up_proj", 2 * shape.feedForwardSize())),
                llama.feedForwardOut());
    }
}
