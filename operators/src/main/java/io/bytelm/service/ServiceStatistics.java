package io.bytelm.service;

/**
 * What a {@link TrieLmService} has done so far, for all who share it.
 *
 * @param requests calls of {@code expand}
 * @param evaluations contexts that the model was asked for
 * @param cacheHits requests answered from a row already evaluated, or from one being evaluated for another request
 * @param batches evaluations of the model, each of one batch
 * @param largestBatch the most contexts in one batch
 * @param lastBatch the contexts in the last batch, 0 before the first one
 * @param lingerNanos how long the oldest request of each batch waited for the batch to start, summed over the batches
 */
public record ServiceStatistics(
        long requests,
        long evaluations,
        long cacheHits,
        long batches,
        int largestBatch,
        int lastBatch,
        long lingerNanos) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Contexts in a batch, on the average; 0 before the first batch. */
    public double meanBatch() {
        return batches == 0 ? 0 : (double) evaluations / batches;
    }

    /** How long (ms) the oldest request of a batch waited, on the average; 0 before the first batch. */
    public double meanLingerMillis() {
        return batches == 0 ? 0 : lingerNanos / NANOS_PER_MILLI / batches;
    }
}
