package io.bytelm.lm.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * A change of low rank to a matrix (LoRA, Hu et al., 2021): {@code W + scale * B A}; with magnitudes (DoRA, Liu et al.,
 * 2024) each output's weights are then brought to a length of its own.
 *
 * @param a {@code [rank, inputs]}
 * @param b {@code [outputs, rank]}
 * @param magnitudes {@code [outputs]}: Euclidean lengths; null to leave them as they come
 * @param transposed whether the matrix is stored {@code [inputs, outputs]}
 */
public record LowRank(
        StoredTensor a,
        StoredTensor b,
        double scale,
        @Nullable StoredTensor magnitudes,
        boolean transposed) {
    public int rank() {
        return Math.toIntExact(a.shape()[0]);
    }

    public int inputs() {
        return Math.toIntExact(a.shape()[1]);
    }

    public int outputs() {
        return Math.toIntExact(b.shape()[0]);
    }
}
