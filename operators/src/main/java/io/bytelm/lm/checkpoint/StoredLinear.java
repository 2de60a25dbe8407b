package io.bytelm.lm.checkpoint;

import java.util.List;

/**
 * Where the weights of one linear layer lie: rows of stored matrices, one below the other.
 *
 * @param parts from top to bottom
 * @param inputs the width of each
 * @param biased whether each part has a bias
 * @param transposed whether the matrices are stored {@code [inputs, outputs]}
 */
public record StoredLinear(List<StoredRows> parts, int inputs, boolean biased, boolean transposed) {
    /** No layer. */
    static final StoredLinear NONE = new StoredLinear(List.of(), 0, false, false);

    /** Copies the list. */
    public StoredLinear {
        parts = List.copyOf(parts);
    }

    static StoredLinear of(int inputs, boolean biased, StoredRows... parts) {
        return new StoredLinear(List.of(parts), inputs, biased, false);
    }

    static StoredLinear transposed(int inputs, StoredRows... parts) {
        return new StoredLinear(List.of(parts), inputs, true, true);
    }

    /** Weights and biases times a factor. */
    StoredLinear times(double factor) {
        return new StoredLinear(parts.stream().map(part -> part.times(factor)).toList(), inputs, biased, transposed);
    }

    /** The number of rows. */
    public int outputs() {
        return parts.stream().mapToInt(part -> part.order().length).sum();
    }
}
