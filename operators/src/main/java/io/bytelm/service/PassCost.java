package io.bytelm.service;

/**
 * What a pass takes: a part that is the same for all and one for each row, fitted to what passes took of late (least
 * squares, older passes counting less). Confined to the thread that calls the model.
 */
final class PassCost {
    private static final double FORGETTING = 0.98;

    /** Of the time of a pass of one row, what one more takes, as long as it is not known. */
    private static final double FIRST_SHARE = 0.1;

    private static final double LEAST_SHARE = 0.01;

    /** Fewer tell little. */
    private static final int FEWEST_PASSES = 16;

    private double passes;
    private double rows;
    private double nanos;
    private double rowsSquared;
    private double rowNanos;
    private int seen;

    void took(int newRows, long tookNanos) {
        passes = FORGETTING * passes + 1;
        rows = FORGETTING * rows + newRows;
        nanos = FORGETTING * nanos + tookNanos;
        rowsSquared = FORGETTING * rowsSquared + (double) newRows * newRows;
        rowNanos = FORGETTING * rowNanos + (double) newRows * tookNanos;
        seen++;
    }

    /** What one more row takes, of what each of so many takes: between 0 and 1. */
    double shareOfOneMore(int requests) {
        double share = shareOfRow();
        return share * requests / (1 - share + share * requests);
    }

    /** Of a pass of one row. */
    private double shareOfRow() {
        double spread = passes * rowsSquared - rows * rows;
        if (seen < FEWEST_PASSES || spread < passes) {
            return FIRST_SHARE;
        }
        double perRow = (passes * rowNanos - rows * nanos) / spread;
        double fixed = (nanos - perRow * rows) / passes;
        return Math.max(LEAST_SHARE, Math.min(1, perRow / Math.max(perRow, fixed + perRow)));
    }
}
