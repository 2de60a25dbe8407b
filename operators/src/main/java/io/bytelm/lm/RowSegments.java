package io.bytelm.lm;

/**
 * A row cut into segments of neighbouring columns, each to be summed.
 *
 * @param place where the row lies, see {@link DeviceRows}
 * @param bounds {@code [segments + 1]}, ascending: segment {@code i} holds columns {@code bounds[i] .. bounds[i + 1] - 1};
 *     from 0 to the number of columns. Not to be changed afterwards.
 */
public record RowSegments(int place, int[] bounds) {
    /** How many segments. */
    public int count() {
        return bounds.length - 1;
    }
}
