package io.bytelm.lm.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * HunYuan, dense: Llama with norms of queries and keys after they are turned, by angles whose base {@code alpha} makes larger.
 * Source: {@code modeling_hunyuan_v1_dense.py}.
 */
final class HunYuan {
    private HunYuan() {}

    static ModelConfig describe(ConfigFile config) {
        List.of("eod_token_id", "cla_share_factor").forEach(config::ignore);
        requireWhatIsComputed(config);
        Shape read = Shape.read(config);
        RotaryConfig rotary = RotaryConfig.whole(config, 10_000);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        Attention attention = Attention.full(shape, List.of(stretched(config, rotary.read(read))))
                .withQueryKeyNorm(QueryKeyNorm.PER_TURNED_HEAD);
        boolean bias = config.flag("attention_bias", false);
        ModelConfig llama = Llama.model("HunYuan", config, shape, attention, new Llama.Biases(bias, bias, false))
                .withNorm(Norm.rms(config.positiveNumber("rms_norm_eps", 1e-5)));
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        List<StoredLayer> layers = new ArrayList<>();
        for (StoredLayer layer : llama.weights().layers()) {
            String name = "layers." + layers.size() + ".self_attn.";
            layers.add(layer.withQueryKeyNorm(
                    StoredRows.repeated(name + "query_layernorm", shape.heads(), dimensions),
                    StoredRows.repeated(name + "key_layernorm", shape.keyValueHeads(), dimensions)));
        }
        config.require("attention_head_dim", String.valueOf(shape.headDim()), String.valueOf(shape.headDim()));
        return llama.withWeights(llama.weights().withLayers(layers));
    }

    /** Published files have keys of the original code's configuration. */
    private static void requireWhatIsComputed(ConfigFile config) {
        for (String key : List.of("use_qk_norm", "use_rotary_pos_emb")) {
            config.require(key, "true", "true");
        }
        for (String key : List.of("use_cla", "position_embedding_xdrope")) {
            config.require(key, "false", "false");
        }
        config.require("norm_type", "rms", "rms");
    }

    /** Published files have keys of other scalings beside {@code alpha}, which do not count. */
    private static RotaryEmbedding stretched(ConfigFile config, RotaryEmbedding rotary) {
        ConfigFile rope = config.object(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        boolean dynamic = rope.text("rope_type", rope.text("type", "")).equals("dynamic");
        if (!rope.has("alpha") || !dynamic) {
            return rotary;
        }
        List.of("beta_fast", "beta_slow", "mscale", "mscale_all_dim").forEach(rope::ignore);
        int dimensions = rotary.dimensions();
        double stretch = Math.pow(rope.positiveNumber("alpha"), dimensions / (dimensions - 2.0));
        return new RotaryEmbedding(rotary.theta() * stretch, dimensions, rotary.scaling());
    }
}
