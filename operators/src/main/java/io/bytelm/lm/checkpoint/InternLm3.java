package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * InternLM3: Llama with one key for the biases of queries, keys and values, and one for all others. Its code comes with the
 * published model, {@code modeling_internlm3.py}, and takes rotary embeddings from transformers.
 */
final class InternLm3 {
    private InternLm3() {}

    static ModelConfig describe(ConfigFile config) {
        Shape read = Shape.read(config, config.positiveInt("num_key_value_heads"));
        RotaryConfig rotary = RotaryConfig.whole(config, 10_000);
        Shape shape = read.withMaxPositions(rotary.maxPositions(read));
        boolean others = config.flag("bias", false);
        return Llama.model(
                        "InternLM3",
                        config,
                        shape,
                        Attention.full(shape, List.of(rotary.read(read))),
                        new Llama.Biases(config.flag("qkv_bias", false), others, others))
                .withTiedEmbeddings(config.requiredFlag("tie_word_embeddings"));
    }
}
