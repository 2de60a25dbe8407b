package io.bytelm.lm.checkpoint;

import java.util.List;

/** Helium: Llama whose neighbouring dimensions turn together. Source: {@code modeling_helium.py}. */
final class Helium {
    private Helium() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        Llama.Biases biases =
                new Llama.Biases(config.flag("attention_bias", false), false, config.flag("mlp_bias", false));
        Attention attention = Attention.full(
                shape, List.of(RotaryConfig.whole(config, 100_000).read(shape)));
        ModelConfig llama = Llama.model("Helium", config, shape, attention, biases)
                .withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-8)));
        return Llama.withNeighbourPairs(llama, biases);
    }
}
