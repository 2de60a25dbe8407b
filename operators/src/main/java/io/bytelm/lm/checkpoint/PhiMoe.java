package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Phi-3.5-MoE: Mixtral with LayerNorm, biases, experts that are chosen one after the other, and LongRoPE that amplifies by a number
 * of its own. Source: {@code modeling_phimoe.py}.
 */
final class PhiMoe {
    private static final StoredExperts.Names NAMES = new StoredExperts.Names("w1", "w3", "w2");

    private PhiMoe() {}

    static ModelConfig describe(ConfigFile config) {
        config.ignore("input_jitter_noise"); // of training
        config.require("num_experts_per_tok", "2", "2"); // as many are chosen, whatever it says
        Shape read = Shape.read(config);
        RotaryConfig rotary = RotaryConfig.whole(config, 1_000_000);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        Attention attention = Attention.full(shape, List.of(amplified(config, rotary.read(read))))
                .withWindow(LayerKinds.window(config), LayerKinds.all(shape.layers(), true), shape.maxPositions());
        Experts experts = new Experts(
                config.positiveInt("num_local_experts", 16),
                2,
                Routing.mixed(config.positiveNumber("router_jitter_noise", 0.01)),
                Experts.Shared.NONE);
        StoredModel stored =
                StoredModel.llama(StoredNorm.weightAndBias("norm"), layers(config, shape, attention, experts.count()));
        return ModelConfig.plain(
                "PhiMoe",
                shape,
                Norm.layer(config.positiveNumber("rms_norm_eps", 1e-5)),
                BlockLayout.PRE,
                attention,
                FeedForward.gated(Activation.read(config, "hidden_act", "silu")).withExperts(experts),
                config.flag("tie_word_embeddings", false),
                config.flag("lm_head_bias", false) ? stored.withHeadBias() : stored);
    }

    /** Whatever scaling is named, transformers amplifies by a number that it then needs. */
    private static RotaryEmbedding amplified(ConfigFile config, RotaryEmbedding rotary) {
        ConfigFile rope = config.object(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        String type = rope.text("rope_type", rope.text("type", "default"));
        if (rotary.scaling() instanceof RotaryScaling.LongRope longRope) {
            rope.positiveNumber("long_mscale");
            rope.positiveNumber("original_max_position_embeddings");
            RotaryScaling scaling = new RotaryScaling.LongRope(longRope.factors(), rope.positiveNumber("short_mscale"));
            return new RotaryEmbedding(rotary.theta(), rotary.dimensions(), scaling);
        }
        if (!type.equals("default")) {
            throw rope.refusal(
                    rope.has("rope_type") ? "rope_type" : "type", "is '" + type + "'; supported: default, longrope");
        }
        return rotary;
    }

    private static List<StoredLayer> layers(ConfigFile config, Shape shape, Attention attention, int experts) {
        boolean bias = config.flag("attention_bias", false);
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : Llama.layers(shape, dimensions, new Llama.Biases(bias, bias, false))) {
            String name = "layers." + layers.size() + ".";
            layers.add(layer.withNorms(
                            StoredNorm.weightAndBias(name + "input_layernorm"),
                            StoredNorm.weightAndBias(name + "post_attention_layernorm"))
                    .withExperts(StoredExperts.of(
                            name + "block_sparse_moe.", shape.hiddenSize(), shape.feedForwardSize(), experts, NAMES)));
        }
        return layers;
    }
}
