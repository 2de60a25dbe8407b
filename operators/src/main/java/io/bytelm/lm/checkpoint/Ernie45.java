package io.bytelm.lm.checkpoint;

import java.util.List;

/** ERNIE 4.5, dense: Llama whose neighbouring dimensions turn together. Source: {@code modeling_ernie4_5.py}. */
final class Ernie45 {
    private Ernie45() {}

    static ModelConfig describe(ConfigFile config) {
        return dense("Ernie45", config);
    }

    /** The model without experts. */
    static ModelConfig dense(String family, ConfigFile config) {
        Shape shape = Shape.read(config);
        boolean bias = config.flag("use_bias", false);
        Llama.Biases biases = new Llama.Biases(bias, bias, bias);
        Attention attention = Attention.full(
                shape, List.of(RotaryConfig.whole(config, 500_000).read(shape)));
        ModelConfig llama = Llama.model(family, config, shape, attention, biases, true)
                .withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)));
        return Llama.withNeighbourPairs(llama, biases);
    }
}
