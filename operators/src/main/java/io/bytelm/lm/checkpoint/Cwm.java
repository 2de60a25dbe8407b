package io.bytelm.lm.checkpoint;

import java.util.List;

/** CWM: Llama 3 with three of four layers sliding. Source: {@code modeling_cwm.py}. */
final class Cwm {
    private static final String USUAL_ROPE = """
            {"rope_type": "llama3", "factor": 16.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
             "original_max_position_embeddings": 8192}
            """;
    private static final int USUAL_WINDOW = 8192;

    private Cwm() {}

    static ModelConfig describe(ConfigFile config) {
        boolean given = config.has("rope_parameters") || config.has("rope_scaling");
        ConfigFile completed = given ? config : config.withObject("rope_parameters", USUAL_ROPE);
        Shape read = Shape.read(config);
        RotaryConfig rotary = RotaryConfig.whole(completed, 1_000_000);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        List<Boolean> slides = LayerKinds.slides(config, shape.layers(), layer -> layer % 4 != 0);
        Attention attention = Attention.full(shape, List.of(rotary.read(read)))
                .withWindow(LayerKinds.requiredWindow(config, USUAL_WINDOW), slides, shape.maxPositions());
        return Llama.model(
                        "Cwm", config, shape, attention, new Llama.Biases(false, false, config.flag("mlp_bias", false)))
                .withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)));
    }
}
