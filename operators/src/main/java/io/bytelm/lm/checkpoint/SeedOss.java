package io.bytelm.lm.checkpoint;

import java.util.List;

/** Seed-OSS: Llama with biases as configured. Source: {@code modeling_seed_oss.py}. */
final class SeedOss {
    private SeedOss() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        Llama.Biases biases = new Llama.Biases(
                config.flag("attention_bias", true),
                config.flag("attention_out_bias", false),
                config.flag("mlp_bias", false));
        Attention attention =
                Attention.full(shape, List.of(RotaryConfig.whole(config, 10_000).read(shape)));
        return Llama.model("SeedOSS", config, shape, attention, biases);
    }
}
