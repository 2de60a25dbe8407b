package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** SmolLM3: Llama without rotary embeddings in every fourth layer. Source: {@code modeling_smollm3.py}. */
final class SmolLm3 {
    private static final int TURNING = 0;
    private static final int STILL = 1;

    private SmolLm3() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        RotaryEmbedding rotary = RotaryConfig.whole(config, 2_000_000).read(shape);
        List<Integer> rotaryOfLayer = rotaryOfLayer(config, shape.layers());
        boolean windows = config.flag("use_sliding_window", false);
        List<Boolean> slides =
                LayerKinds.slides(config, shape.layers(), layer -> windows && rotaryOfLayer.get(layer) == STILL);
        Attention attention = Attention.full(shape, List.of(rotary))
                .withRotaries(List.of(rotary, RotaryEmbedding.NONE), rotaryOfLayer)
                .withWindow(LayerKinds.window(config), slides, shape.maxPositions());
        boolean bias = config.flag("attention_bias", false);
        return Llama.model(
                "SmolLM3",
                config,
                shape,
                attention,
                new Llama.Biases(bias, bias, config.flag("mlp_bias", false)),
                true);
    }

    /** {@code no_rope_layers} is 1 where a layer turns. */
    private static List<Integer> rotaryOfLayer(ConfigFile config, int layers) {
        int period = config.positiveInt("no_rope_layer_interval", 4);
        JsonNode turning = config.value("no_rope_layers");
        if (turning.isArray() && turning.size() != layers) {
            throw config.refusal(
                    "no_rope_layers", "names " + turning.size() + " layers, but 'num_hidden_layers' is " + layers);
        }
        List<Integer> rotaryOfLayer = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            boolean turns = turning.isArray() ? turning.get(i).asInt() != 0 : (i + 1) % period != 0;
            rotaryOfLayer.add(turns ? TURNING : STILL);
        }
        return rotaryOfLayer;
    }
}
