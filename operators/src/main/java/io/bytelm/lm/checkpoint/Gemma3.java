package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * Gemma 3: Gemma 2 with norms of queries and keys instead of soft caps, and rotary embeddings of their own for sliding
 * layers; by itself, or as the text part of a model that sees images too. Source: {@code modeling_gemma3.py}.
 */
final class Gemma3 {
    private Gemma3() {}

    static ModelConfig describeTextPart(ConfigFile config) {
        return TextPart.within(
                describe(TextPart.config(config, "gemma3_text"), config.flag("tie_word_embeddings", true)));
    }

    static ModelConfig describe(ConfigFile config) {
        return describe(config, true);
    }

    private static ModelConfig describe(ConfigFile config, boolean tiedIfAbsent) {
        Shape shape = Shape.read(config);
        config.require("use_bidirectional_attention", "false", "false");
        for (String key : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
            config.require(key, "null", "null");
        }
        int period = LayerKinds.period(config, 6);
        List<Boolean> slides = LayerKinds.slides(config, shape.layers(), LayerKinds.allButEvery(period));
        List<RotaryEmbedding> rotaries = rotaries(config, shape);
        Attention attention = Attention.full(shape, rotaries)
                .withScale(1 / Math.sqrt(config.positiveNumber("query_pre_attn_scalar", 256)))
                .withRotaries(
                        rotaries, slides.stream().map(slide -> slide ? 1 : 0).toList())
                .withWindow(LayerKinds.requiredWindow(config), slides, shape.maxPositions())
                .withQueryKeyNorm(QueryKeyNorm.PER_HEAD);
        ModelConfig gemma2 = Gemma2.model("Gemma3", config, shape, attention);
        return gemma2.withWeights(gemma2.weights().withLayers(Qwen3.withHeadNorms(gemma2, shape, attention, 1)))
                .withTiedEmbeddings(config.flag("tie_word_embeddings", tiedIfAbsent));
    }

    /** Of full layers and of sliding ones, which were never stretched. */
    private static List<RotaryEmbedding> rotaries(ConfigFile config, Shape shape) {
        RotaryConfig full = RotaryConfig.whole(config, 1_000_000);
        full.requireByLayerKind();
        if (full.isByLayerKind()) {
            return List.of(full.read(shape, "full_attention"), full.read(shape, "sliding_attention"));
        }
        double local = config.positiveNumber("rope_local_base_freq", 10_000);
        return List.of(full.read(shape), new RotaryEmbedding(local, shape.headDim(), new RotaryScaling.Unscaled()));
    }
}
