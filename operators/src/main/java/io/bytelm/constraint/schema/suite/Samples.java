package io.bytelm.constraint.schema.suite;

import java.util.Arrays;

/** Measured times and their quantiles. Used by one thread. */
final class Samples {
    private long[] values = new long[1024];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    /** The value below which this share lies; 0 without samples. */
    double quantile(double share) {
        long[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        return size == 0 ? 0 : sorted[(int) Math.min(size - 1L, (long) (share * size))];
    }
}
