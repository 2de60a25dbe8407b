package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.regex.Pattern;

/**
 * CodeGen: GPT-J whose queries, values and keys are stored together, in four blocks of heads, as four devices once held them.
 * Source: {@code modeling_codegen.py}.
 */
final class CodeGen {
    private static final int BLOCKS = 4;
    private static final Pattern MASKS =
            Pattern.compile("transformer\\.h\\.\\d+\\.attn\\.(causal_mask|(masked_)?bias)");

    private CodeGen() {}

    static ModelConfig describe(ConfigFile config) {
        List.of("n_ctx", "rotary", "scale_attn_weights").forEach(config::ignore); // of the original code
        Shape shape =
                Shape.ofEqualHeads(config, "n_embd", "n_layer", "n_head", "n_inner", config.positiveInt("n_positions"));
        if (shape.heads() % BLOCKS != 0) {
            throw config.refusal("n_head", "is " + shape.heads() + ", no multiple of 4, the number of stored blocks");
        }
        int[] dimensions = RotaryEmbedding.dimensionOrder(
                shape.headDim(), GptJ.rotary(config, shape).dimensions(), RotaryEmbedding.Pairs.NEIGHBOURS);
        return GptJ.model(
                "CodeGen",
                config,
                shape,
                name -> StoredLinear.of(
                        shape.hiddenSize(),
                        false,
                        part(name, shape, 0, dimensions),
                        part(name, shape, 2, dimensions),
                        part(name, shape, 1, RotaryEmbedding.unordered(shape.headDim()))),
                MASKS);
    }

    /** @param part of each block: 0 its queries, 1 its values, 2 its keys */
    private static StoredRows part(String name, Shape shape, int part, int[] dimensions) {
        int inBlock = shape.heads() / BLOCKS;
        return StoredRows.heads(
                name + "qkv_proj",
                3 * shape.hiddenSize(),
                shape.heads(),
                head -> ((head / inBlock * 3 + part) * inBlock + head % inBlock) * shape.headDim(),
                dimensions);
    }
}
