package io.bytelm.lm.checkpoint;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How an adapter changes a tensor, beside putting another one in its place.
 *
 * @param lowRank of a matrix
 * @param rows of an embedding, or of an output layer
 * @param added to a bias
 */
public record TensorChange(
        @Nullable LowRank lowRank,
        @Nullable TokenRows rows,
        @Nullable AddedBias added) {
    public static final TensorChange NONE = new TensorChange(null, null, null);

    /**
     * Rows that stand for others.
     *
     * @param values {@code [ids, width]}
     * @param ids which rows they stand for
     */
    public record TokenRows(StoredTensor values, int[] ids) {}

    /**
     * {@code scale} times {@code values} on top of a bias.
     *
     * @param values {@code [outputs]}
     */
    public record AddedBias(StoredTensor values, double scale) {}

    TensorChange with(LowRank newLowRank) {
        return new TensorChange(newLowRank, rows, added);
    }

    TensorChange with(TokenRows newRows) {
        return new TensorChange(lowRank, newRows, added);
    }

    TensorChange with(AddedBias newAdded) {
        return new TensorChange(lowRank, rows, newAdded);
    }

    /**
     * Applies all but {@link #lowRank} to rows that were read.
     *
     * @param values whole rows, from the beginning of the buffer to its limit
     * @param firstRow the first of them
     * @param columns their width; 1 for a vector
     */
    public void apply(Checkpoint checkpoint, FloatBuffer values, long firstRow, int columns) {
        int count = values.limit() / columns;
        for (int i = 0; rows != null && i < rows.ids().length; i++) {
            long row = rows.ids()[i] - firstRow;
            if (row >= 0 && row < count) {
                checkpoint.read(rows.values(), (long) i * columns, values.slice((int) row * columns, columns));
            }
        }
        if (added != null) {
            FloatBuffer more = FloatBuffer.allocate(count);
            checkpoint.read(added.values(), firstRow, more);
            for (int i = 0; i < count; i++) {
                values.put(i, (float) (values.get(i) + added.scale() * more.get(i)));
            }
        }
    }
}
