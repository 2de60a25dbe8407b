package io.bytelm.lm.djl;

/**
 * Numbers of rows that script calls are computed with. On the CPU, oneDNN compiles code for each number and keeps it (1,024 pieces,
 * about 160 kB each), so memory would grow with every new one for a long time: rounding up costs at most a few rows and
 * leaves 60 numbers up to 1,024. On a GPU rows more cost little and every shape is a plan of its own, such as a captured graph:
 * powers of two leave 11.
 */
final class BatchSize {
    private static final int EXACT = 8;

    private BatchSize() {}

    /** All numbers up to 8, even ones up to 32, multiples of 4 up to 64, of 8 up to 128, and so on. */
    static int roundUp(int rows) {
        if (rows <= EXACT) {
            return rows;
        }
        int step = Math.max(2, Integer.highestOneBit(rows - 1) / EXACT);
        return (rows + step - 1) / step * step;
    }

    /** The next power of two. */
    static int powerOfTwo(int size) {
        return size <= 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
    }
}
