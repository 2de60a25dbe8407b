package io.bytelm.lm.checkpoint;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Rows of a stored matrix, or elements of a stored vector.
 *
 * @param name without {@code .weight} and {@code .bias}
 * @param stored how many rows are stored
 * @param order {@code [rows]}: which of them, in the order in which they are wanted
 * @param added to each element of a weight
 * @param factor of each element, after that
 */
public record StoredRows(String name, int stored, int[] order, double added, double factor) {
    static StoredRows all(String name, int rows) {
        return range(name, rows, 0, rows);
    }

    static StoredRows range(String name, int stored, int first, int count) {
        return new StoredRows(
                name, stored, IntStream.range(first, first + count).toArray(), 0, 1);
    }

    /**
     * Rows of heads.
     *
     * @param firstRow of each head
     * @param dimensions {@code [headDim]}: the order of a head's rows
     */
    static StoredRows heads(String name, int stored, int heads, IntUnaryOperator firstRow, int[] dimensions) {
        int[] order = new int[heads * dimensions.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = firstRow.applyAsInt(i / dimensions.length) + dimensions[i % dimensions.length];
        }
        return new StoredRows(name, stored, order, 0, 1);
    }

    /** One head's weights for all heads. */
    static StoredRows repeated(String name, int heads, int[] dimensions) {
        return heads(name, dimensions.length, heads, head -> 0, dimensions);
    }

    public StoredRows named(String newName) {
        return new StoredRows(newName, stored, order, added, factor);
    }

    StoredRows times(double newFactor) {
        return new StoredRows(name, stored, order, added, factor * newFactor);
    }

    StoredRows plus(double newAdded) {
        return new StoredRows(name, stored, order, newAdded, factor);
    }

    /** Whether the rows stand one after the other. */
    public boolean isRange() {
        return IntStream.range(1, order.length).allMatch(i -> order[i] == order[i - 1] + 1);
    }
}
