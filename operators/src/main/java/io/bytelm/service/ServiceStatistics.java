package io.bytelm.service;

/**
 * What a {@link TrieLmService} has done so far, for all who share it.
 *
 * @param requests calls of {@code expand}
 * @param evaluations contexts that requests needed the model for, were they evaluated ahead of the first request or not
 * @param guesses contexts that were evaluated ahead of any request
 * @param usedGuesses how many of those a request came for
 * @param cacheHits requests beyond the first for their context
 * @param batches batches of requests that were not answered from the cache
 * @param largestBatch the most requests in one batch
 * @param lastBatch the requests in the last batch, 0 before the first one
 * @param lingerNanos how long the oldest request of each batch waited for the batch to start, summed over the batches
 * @param modelNanos how long the model computed (ns)
 * @param waiting contexts that wait for the model now
 * @param cachedBytes the memory of the rows that are kept now
 */
public record ServiceStatistics(
        long requests,
        long evaluations,
        long guesses,
        long usedGuesses,
        long cacheHits,
        long batches,
        int largestBatch,
        int lastBatch,
        long lingerNanos,
        long modelNanos,
        int waiting,
        long cachedBytes) {
    /** Nothing yet. */
    public static final ServiceStatistics NONE = new ServiceStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static final double NANOS_PER_MILLI = 1e6;

    /** Requests in a batch, on the average; 0 before the first batch. */
    public double meanBatch() {
        return batches == 0 ? 0 : (double) (evaluations - usedGuesses) / batches;
    }

    /** How long (ms) the oldest request of a batch waited, on the average; 0 before the first batch. */
    public double meanLingerMillis() {
        return batches == 0 ? 0 : lingerNanos / NANOS_PER_MILLI / batches;
    }
}
