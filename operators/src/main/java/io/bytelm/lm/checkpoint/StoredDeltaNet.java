package io.bytelm.lm.checkpoint;

/**
 * Where what a {@link DeltaNet} has beside its projections lies; names are without the model's prefix.
 *
 * @param convolution {@code [convolvedWidth, 1, kernel]}, the oldest token's first
 * @param decay {@code [valueHeads]}: the logarithm of each head's
 * @param decayBias {@code [valueHeads]}
 * @param norm {@code [valueDim]}, of each head's output
 */
public record StoredDeltaNet(String convolution, String decay, String decayBias, String norm) {
    static StoredDeltaNet of(String name) {
        return new StoredDeltaNet(
                name + "conv1d.weight", name + "A_log", name + "dt_bias", name + "norm.weight");
    }
}
