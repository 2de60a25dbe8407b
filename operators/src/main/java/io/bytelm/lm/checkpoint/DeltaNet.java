package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * A gated delta net (Yang et al., 2024, "Gated Delta Networks"): a layer whose heads keep a matrix that each token decays and
 * corrects. With queries, keys of length 1 and values that a short convolution over the last tokens makes, the matrix
 * {@code S} after token {@code t} is {@code exp(g_t) S + k_t u_t'}, where {@code u_t = b_t (v_t - exp(g_t) S' k_t)}, and the
 * output {@code S' q_t}.
 *
 * @param keyHeads of queries and keys; divides {@code valueHeads}
 * @param valueHeads each has a matrix {@code [keyDim, valueDim]}
 * @param kernel how many tokens the convolution sees, the current one included
 * @param layers for each layer whether it is such a net
 */
public record DeltaNet(int keyHeads, int valueHeads, int keyDim, int valueDim, int kernel, List<Boolean> layers) {
    /** Copies the list. */
    public DeltaNet {
        layers = List.copyOf(layers);
    }

    /** Of all heads' keys. */
    public int keyWidth() {
        return keyHeads * keyDim;
    }

    /** Of all heads' values. */
    public int valueWidth() {
        return valueHeads * valueDim;
    }

    /** Of what is convolved: queries, keys and values. */
    public int convolvedWidth() {
        return 2 * keyWidth() + valueWidth();
    }
}
