package io.bytelm.lm.djl;

import java.util.Arrays;
import java.util.List;

/**
 * A bucket of attention made larger, so that its shape is one of a few: powers of two of groups, of tokens a group and of
 * slots a group. What is added attends to something, since it must, and nobody reads it.
 *
 * @param tokens the bucket's tokens, without those that fill up
 * @param tokenRows a power of two: rows of the pass that the bucket has, its tokens first
 * @param groups a power of two
 * @param rows a power of two: tokens a group
 * @param columns a power of two: slots a group
 * @param padded {@code [groups * rows]}: for each the row of the pass, counted within the bucket; empty if {@code rows} is 1:
 *     then these are the rows of the pass
 * @param unpadded {@code [tokenRows]}: for each row of the pass the place in {@code padded}; empty if that is
 * @param slots {@code [groups * columns]}
 * @param mask {@code [groups, rows, columns]}: 0 where a token attends to a slot, else minus infinity
 */
record PaddedBucket(
        List<CachedToken> tokens,
        int tokenRows,
        int groups,
        int rows,
        int columns,
        long[] padded,
        long[] unpadded,
        long[] slots,
        float[] mask) {
    /** Rows of masks then begin where a GPU likes them to. */
    private static final int LEAST_COLUMNS = 16;

    private static final long[] NONE = {};

    static PaddedBucket of(AttentionBucket bucket) {
        int groups = BatchSize.powerOfTwo(bucket.groups());
        int rows = BatchSize.powerOfTwo(bucket.rows());
        int columns = Math.max(LEAST_COLUMNS, BatchSize.powerOfTwo(bucket.columns()));
        int tokens = bucket.tokens().size();
        int tokenRows = rows == 1 ? groups : BatchSize.powerOfTwo(tokens);
        return new PaddedBucket(
                bucket.tokens(),
                tokenRows,
                groups,
                rows,
                columns,
                rows == 1 ? NONE : padded(bucket, groups, rows),
                rows == 1 ? NONE : unpadded(bucket, rows, tokenRows),
                slots(bucket, groups, columns),
                mask(bucket, groups, rows, columns));
    }

    private static long[] padded(AttentionBucket bucket, int groups, int rows) {
        long[] padded = new long[groups * rows];
        for (int group = 0; group < bucket.groups(); group++) {
            System.arraycopy(bucket.padded(), group * bucket.rows(), padded, group * rows, bucket.rows());
        }
        return padded;
    }

    private static long[] unpadded(AttentionBucket bucket, int rows, int tokenRows) {
        long[] unpadded = new long[tokenRows];
        for (int token = 0; token < bucket.tokens().size(); token++) {
            long row = bucket.unpadded()[token];
            unpadded[token] = row / bucket.rows() * rows + row % bucket.rows();
        }
        return unpadded;
    }

    private static long[] slots(AttentionBucket bucket, int groups, int columns) {
        long[] slots = new long[groups * columns];
        Arrays.fill(slots, bucket.slots()[0]);
        for (int group = 0; group < bucket.groups(); group++) {
            System.arraycopy(bucket.slots(), group * bucket.columns(), slots, group * columns, bucket.columns());
        }
        return slots;
    }

    private static float[] mask(AttentionBucket bucket, int groups, int rows, int columns) {
        float[] mask = new float[groups * rows * columns];
        Arrays.fill(mask, Float.NEGATIVE_INFINITY);
        for (int group = 0; group < groups; group++) {
            for (int row = 0; row < rows; row++) {
                int to = (group * rows + row) * columns;
                if (group < bucket.groups() && row < bucket.rows()) {
                    int from = (group * bucket.rows() + row) * bucket.columns();
                    System.arraycopy(bucket.mask(), from, mask, to, bucket.columns());
                } else {
                    mask[to] = 0;
                }
            }
        }
        return mask;
    }
}
