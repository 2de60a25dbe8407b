package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * GLM-4.5 and 4.6: Llama of which half of each head turns, with norms of queries and keys or without, and {@link GroupedExperts}.
 * Source: {@code modeling_glm4_moe.py}.
 */
final class Glm4Moe {
    private Glm4Moe() {}

    static ModelConfig describe(ConfigFile config) {
        List.of("num_nextn_predict_layers", "num_mtp_layers").forEach(config::ignore);
        Shape shape = Shape.read(config);
        boolean headNorms = config.flag("use_qk_norm", false);
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.partial(config, 0.5).read(shape)))
                .withQueryKeyNorm(headNorms ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
        Llama.Biases biases = new Llama.Biases(config.flag("attention_bias", false), false, false);
        ModelConfig llama = Llama.model("Glm4Moe", config, shape, attention, biases)
                .withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)));
        StoredModel stored = llama.weights();
        List<StoredLayer> layers = headNorms ? Qwen3.withHeadNorms(llama, shape, attention, 0) : stored.layers();
        return GroupedExperts.in(
                llama.withWeights(stored.withLayers(layers)
                        .within(stored.prefixes(), stored.heads(), GroupedExperts.laterLayers(shape.layers()))),
                config,
                new GroupedExperts.IfAbsent(128, 8, 1, true));
    }
}
