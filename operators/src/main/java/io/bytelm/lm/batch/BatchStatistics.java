package io.bytelm.lm.batch;

/**
 * What a {@link MicroBatcher} has done so far.
 *
 * @param batches calls of the batch function, the single retries after a failing batch included
 * @param requests requests answered, failed ones included
 * @param largestBatch the most requests in one call
 */
public record BatchStatistics(long batches, long requests, int largestBatch) {
    static final BatchStatistics NONE = new BatchStatistics(0, 0, 0);

    BatchStatistics plusBatch(int size) {
        return new BatchStatistics(batches + 1, requests, Math.max(largestBatch, size));
    }

    BatchStatistics plusAnswered() {
        return new BatchStatistics(batches, requests + 1, largestBatch);
    }
}
