package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * StableLM: Llama with LayerNorm and partial rotary embeddings, in some models with attention and feed-forward side by side
 * or a norm of each query and key. Source: {@code modeling_stablelm.py}.
 */
final class StableLm {
    private StableLm() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        boolean headNorms = config.flag("qk_layernorm", false);
        boolean parallel = config.flag("use_parallel_residual", false);
        Attention attention = Attention.full(
                        shape, List.of(RotaryConfig.partial(config, 0.25).read(shape)))
                .withQueryKeyNorm(headNorms ? QueryKeyNorm.PER_HEAD : QueryKeyNorm.NONE);
        int[] dimensions = Llama.rotaryOrder(shape, attention);
        Llama.Biases biases = new Llama.Biases(config.flag("use_qkv_bias", false), false, false);
        List<StoredLayer> llama = Llama.layers(shape, dimensions, biases);
        return ModelConfig.plain(
                "StableLM",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_eps", 1e-5)),
                parallel ? BlockLayout.PARALLEL : BlockLayout.PRE,
                attention,
                FeedForward.gated(Activation.read(config, "hidden_act", "silu")),
                config.flag("tie_word_embeddings", false),
                StoredModel.llama(
                        StoredNorm.weightAndBias("norm"),
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer(llama.get(i), "layers." + i + ".", parallel)
                                        .withQueryKeyNorm(
                                                headNorms
                                                        ? headNorms("layers." + i + ".self_attn.", shape, dimensions)
                                                        : List.of()))
                                .toList()));
    }

    private static StoredLayer layer(StoredLayer llama, String name, boolean parallel) {
        StoredNorm first = StoredNorm.weightAndBias(name + "input_layernorm");
        return llama.withNorms(first, parallel ? first : StoredNorm.weightAndBias(name + "post_attention_layernorm"));
    }

    private static List<StoredRows> headNorms(String name, Shape shape, int[] dimensions) {
        Stream<String> queries = IntStream.range(0, shape.heads()).mapToObj(i -> name + "q_layernorm.norms." + i);
        Stream<String> keys = IntStream.range(0, shape.keyValueHeads()).mapToObj(i -> name + "k_layernorm.norms." + i);
        return Stream.concat(queries, keys)
                .map(norm -> StoredRows.repeated(norm, 1, dimensions))
                .toList();
    }
}
