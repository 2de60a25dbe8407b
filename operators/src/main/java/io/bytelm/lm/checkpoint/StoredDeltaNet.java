package io.bytelm.lm.checkpoint;

/**
 * Where what a {@link DeltaNet} has beside its projections lies; names are without the model's prefix.
 *
 * @param convolution {@code [convolvedWidth, 1, kernel]}, the oldest token's first
 * @param decay {@code [valueHeads]}: the logarithm of each head's
 * @param decayBias {@code [valueHeads]}
 * @param norm {@code [valueDim]}, of each head's output
 * @param rates rows: how much of each head's correction is taken, then how much each head's decay is
 */
public record StoredDeltaNet(String convolution, String decay, String decayBias, String norm, StoredLinear rates) {
    static StoredDeltaNet of(String name, StoredLinear rates) {
        return new StoredDeltaNet(
                name + "conv1d.weight", name + "A_log", name + "dt_bias", name + "norm.weight", rates);
    }
}
