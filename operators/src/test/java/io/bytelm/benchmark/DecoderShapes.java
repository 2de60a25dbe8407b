package io.bytelm.benchmark;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names and shapes of the tensors of a decoder of the Llama family, whose output layer is its embedding. */
final class DecoderShapes {
    private final int hidden;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    DecoderShapes(int vocabulary, int hidden) {
        this.hidden = hidden;
        add("model.embed_tokens.weight", vocabulary, hidden);
        add("model.norm.weight", hidden);
    }

    static String layer(int layer) {
        return "model.layers." + layer + ".";
    }

    /**
     * Norms and attention of a layer, whose queries are as wide as its input.
     *
     * @param keys width of keys, and of values
     */
    void addAttention(String layer, int keys) {
        add(layer + "input_layernorm.weight", hidden);
        add(layer + "post_attention_layernorm.weight", hidden);
        add(layer + "self_attn.q_proj.weight", hidden, hidden);
        add(layer + "self_attn.k_proj.weight", keys, hidden);
        add(layer + "self_attn.v_proj.weight", keys, hidden);
        add(layer + "self_attn.o_proj.weight", hidden, hidden);
    }

    /** A feed-forward block with gates. */
    void addFeedForward(String block, int inner) {
        add(block + "gate_proj.weight", inner, hidden);
        add(block + "up_proj.weight", inner, hidden);
        add(block + "down_proj.weight", hidden, inner);
    }

    void add(String name, long... shape) {
        shapes.put(name, shape);
    }

    Map<String, long[]> all() {
        return shapes;
    }
}
