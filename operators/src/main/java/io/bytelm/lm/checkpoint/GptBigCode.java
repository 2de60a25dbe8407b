package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * SantaCoder and StarCoder 1: GPT-2 whose heads share one key and one value, unless {@code multi_query} is false, which stores
 * each head's query, key and value together. Source: {@code modeling_gpt_bigcode.py}.
 */
final class GptBigCode {
    private static final Pattern MASKS = Pattern.compile("transformer\\.(h\\.\\d+\\.attn\\.)?bias");

    /** How a program is to compute the same, and what follows from other keys. */
    private static final List<String> HOW = List.of(
            "num_key_value_heads",
            "attention_softmax_in_fp32",
            "scale_attention_softmax_in_fp32",
            "inference_runner",
            "max_sequence_length",
            "max_batch_size",
            "pad_key_length",
            "pre_allocate_kv_cache",
            "validate_runner_input",
            "runner_max_sequence_length");

    private GptBigCode() {}

    static ModelConfig describe(ConfigFile config) {
        HOW.forEach(config::ignore);
        Shape equal =
                Shape.ofEqualHeads(config, "n_embd", "n_layer", "n_head", "n_inner", config.positiveInt("n_positions"));
        boolean multiQuery = config.flag("multi_query", true);
        Shape shape = multiQuery ? equal.withKeyValueHeads(1) : equal;
        Attention attention = Attention.full(shape, List.of());
        return ModelConfig.plain(
                "GPTBigCode",
                shape,
                Norm.layer(config.positiveNumber("layer_norm_epsilon", 1e-5)),
                BlockLayout.PRE,
                config.flag("scale_attn_weights", true) ? attention : attention.withScale(1),
                FeedForward.plain(Activation.read(config, "activation_function", "gelu_pytorch_tanh")),
                config.flag("tie_word_embeddings", true),
                new StoredModel(
                        List.of("transformer."),
                        "wte.weight",
                        "wpe.weight",
                        0,
                        StoredNorm.weightAndBias("ln_f"),
                        List.of("lm_head"),
                        false,
                        IntStream.range(0, shape.layers())
                                .mapToObj(i -> layer("h." + i + ".", shape, multiQuery))
                                .toList(),
                        List.of(MASKS)));
    }

    private static StoredLayer layer(String name, Shape shape, boolean multiQuery) {
        int hidden = shape.hiddenSize();
        return StoredLayer.of(
                StoredNorm.weightAndBias(name + "ln_1"),
                queriesKeysValues(name + "attn.c_attn", shape, multiQuery),
                StoredLinear.of(hidden, true, StoredRows.all(name + "attn.c_proj", hidden)),
                StoredNorm.weightAndBias(name + "ln_2"),
                StoredLinear.of(hidden, true, StoredRows.all(name + "mlp.c_fc", shape.feedForwardSize())),
                StoredLinear.of(shape.feedForwardSize(), true, StoredRows.all(name + "mlp.c_proj", hidden)));
    }

    private static StoredLinear queriesKeysValues(String name, Shape shape, boolean multiQuery) {
        int hidden = shape.hiddenSize();
        int stored = hidden + 2 * shape.keyWidth();
        if (multiQuery) {
            return StoredLinear.of(hidden, true, StoredRows.all(name, stored));
        }
        int headDim = shape.headDim();
        int[] asStored = RotaryEmbedding.unordered(headDim);
        return StoredLinear.of(
                hidden,
                true,
                IntStream.range(0, 3)
                        .mapToObj(part -> StoredRows.heads(
                                name, stored, shape.heads(), head -> (3 * head + part) * headDim, asStored))
                        .toArray(StoredRows[]::new));
    }
}
