package io.bytelm.lm.batch;

/**
 * How many requests a {@link MicroBatcher} takes.
 *
 * @param maxBatch the most requests in one call, at least 1
 * @param lingerMillis how long (ms) a request may wait for others while its batch is not full
 * @param maxWaiting the most requests that wait, at least 1: of one more, a client is refused who has more waiting than its
 *     share
 */
public record BatchLimits(int maxBatch, long lingerMillis, int maxWaiting) {
    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public BatchLimits {
        if (maxBatch < 1) {
            throw new IllegalArgumentException("maxBatch must be at least 1, got " + maxBatch);
        }
        if (lingerMillis < 0) {
            throw new IllegalArgumentException("lingerMillis must not be negative, got " + lingerMillis);
        }
        if (maxWaiting < 1) {
            throw new IllegalArgumentException("maxWaiting must be at least 1, got " + maxWaiting);
        }
    }
}
