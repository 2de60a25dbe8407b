package io.bytelm.lm.djl;

import io.bytelm.lm.RowSegments;
import java.util.Arrays;
import java.util.List;

/**
 * The segments of several rows as offsets into those rows laid one behind the other: where a row's last segment ends, the
 * next row's first one begins. Rows and segments are filled up to powers of two, with segments that are empty.
 *
 * @param rows how many, the first one again and again at the end
 * @param placesAndOffsets {@code [rows + segments + 1]}: the rows' places, then the offsets, ascending
 */
record SegmentOffsets(int rows, long[] placesAndOffsets) {
    /** @throws IllegalArgumentException if a row's bounds do not go from 0 to the number of columns */
    static SegmentOffsets of(List<RowSegments> all, int vocabularySize) {
        int rows = BatchSize.powerOfTwo(all.size());
        int segments = all.stream().mapToInt(RowSegments::count).sum();
        long[] numbers = new long[rows + BatchSize.powerOfTwo(segments) + 1];
        Arrays.fill(numbers, 0, rows, all.get(0).place());
        int at = rows;
        for (int row = 0; row < all.size(); row++) {
            int[] bounds = all.get(row).bounds();
            if (bounds[0] != 0 || bounds[bounds.length - 1] != vocabularySize) {
                throw new IllegalArgumentException("segments from " + bounds[0] + " to " + bounds[bounds.length - 1]
                        + " of a row of " + vocabularySize + " columns");
            }
            numbers[row] = all.get(row).place();
            for (int i = 0; i < bounds.length - 1; i++) {
                numbers[at++] = (long) row * vocabularySize + bounds[i];
            }
        }
        Arrays.fill(numbers, at, numbers.length, (long) all.size() * vocabularySize);
        return new SegmentOffsets(rows, numbers);
    }
}
