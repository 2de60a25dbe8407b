package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Command R (Cohere) and Command R7B (Cohere 2): LayerNorm without bias, attention and feed-forward side by side after one
 * norm, neighbouring dimensions turn together, scaled logits; in Cohere 2 sliding layers turn and full ones do not. Source:
 * {@code modeling_cohere.py}, {@code modeling_cohere2.py}.
 */
final class Cohere {
    private static final int TURNING = 0;
    private static final int STILL = 1;

    private Cohere() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        boolean headNorms = config.flag("use_qk_norm", false);
        RotaryEmbedding rotary = RotaryConfig.whole(config, 500_000).read(shape);
        Attention attention = Attention.full(shape, List.of(rotary))
                .withQueryKeyNorm(headNorms ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
        return model("Cohere", config, shape, attention);
    }

    static ModelConfig describe2(ConfigFile config) {
        Shape shape = Shape.read(config);
        RotaryEmbedding rotary = RotaryConfig.whole(config, 10_000).read(shape);
        int period = LayerKinds.period(config, 4);
        requireWhatOthersMayBeTrainedWithout(config, period);
        List<Boolean> slides = LayerKinds.slides(config, shape.layers(), LayerKinds.allButEvery(period));
        List<Integer> rotaryOfLayer =
                slides.stream().map(slide -> slide ? TURNING : STILL).toList();
        Attention attention = Attention.full(shape, List.of(rotary))
                .withRotaries(List.of(rotary, RotaryEmbedding.NONE), rotaryOfLayer)
                .withWindow(LayerKinds.requiredWindow(config), slides, shape.maxPositions());
        return model("Cohere2", config, shape, attention);
    }

    /** Of the original code's configuration, which published files still carry. */
    private static void requireWhatOthersMayBeTrainedWithout(ConfigFile config, int period) {
        config.require("layer_switch", String.valueOf(period), String.valueOf(period));
        config.require("order_of_interleaved_layers", "local_attn_first", "local_attn_first");
        config.require("position_embedding_type", "rope_gptj", "rope_gptj");
        config.require("rotary_pct", "1.0", "1.0", "1");
        for (String key : List.of("use_embedding_sharing", "use_gated_activation", "use_parallel_block")) {
            config.require(key, "true", "true");
        }
        config.ignore("use_parallel_embedding"); // how several devices divide the work
    }

    private static ModelConfig model(String family, ConfigFile config, Shape shape, Attention attention) {
        boolean bias = config.flag("attention_bias", false);
        int[] dimensions = RotaryEmbedding.dimensionOrder(
                shape.headDim(), attention.rotaries().get(0).dimensions(), RotaryEmbedding.Pairs.NEIGHBOURS);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : Llama.layers(shape, dimensions, new Llama.Biases(bias, bias, false))) {
            String name = "layers." + layers.size() + ".self_attn.";
            StoredLayer oneNorm = layer.withNorms(layer.attentionNorm(), layer.attentionNorm());
            layers.add(
                    attention.queryKeyNorm() == QueryKeyNorm.NONE
                            ? oneNorm
                            : oneNorm.withQueryKeyNorm(
                                    headNorm(name + "q_norm", shape.heads(), dimensions),
                                    headNorm(name + "k_norm", shape.keyValueHeads(), dimensions)));
        }
        double logitScale = config.positiveNumber("logit_scale", 0.0625);
        return ModelConfig.plain(
                family,
                shape,
                Norm.layer(config.positiveNumber("layer_norm_eps", 1e-5)),
                BlockLayout.PARALLEL,
                attention,
                FeedForward.gated(Activation.read(config, "hidden_act", "silu")),
                config.flag("tie_word_embeddings", true),
                StoredModel.llama(StoredNorm.weight("norm").times(logitScale), layers));
    }

    private static StoredRows headNorm(String name, int heads, int[] dimensions) {
        int headDim = dimensions.length;
        return StoredRows.heads(name, heads * headDim, heads, head -> head * headDim, dimensions);
    }
}
