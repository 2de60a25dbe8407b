package io.bytelm.lm.batch;

/**
 * What a {@link MicroBatcher} has done so far.
 *
 * @param batches calls of the batch function, the single retries after a failing batch included
 * @param requests requests answered, failed ones included
 * @param largestBatch the most requests in one call
 * @param lastBatch the requests in the last call, 0 before the first one
 * @param lingerNanos how long the oldest request of each batch waited for the batch to start, summed over the batches
 * @param busyNanos how long the batch function took, summed over the batches
 */
public record BatchStatistics(
        long batches, long requests, int largestBatch, int lastBatch, long lingerNanos, long busyNanos) {
    static final BatchStatistics NONE = new BatchStatistics(0, 0, 0, 0, 0, 0);

    BatchStatistics plusBatch(int size) {
        return new BatchStatistics(batches + 1, requests, Math.max(largestBatch, size), size, lingerNanos, busyNanos);
    }

    BatchStatistics plusLinger(long nanos) {
        return new BatchStatistics(batches, requests, largestBatch, lastBatch, lingerNanos + nanos, busyNanos);
    }

    BatchStatistics plusAnswered() {
        return new BatchStatistics(batches, requests + 1, largestBatch, lastBatch, lingerNanos, busyNanos);
    }

    BatchStatistics plusBusy(long nanos) {
        return new BatchStatistics(batches, requests, largestBatch, lastBatch, lingerNanos, busyNanos + nanos);
    }
}
