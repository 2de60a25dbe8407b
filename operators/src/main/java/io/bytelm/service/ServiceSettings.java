package io.bytelm.service;

import java.io.Serializable;

/**
 * How an {@link EmbeddedTrieLmService} batches and remembers.
 *
 * @param maxBatch the most contexts in one evaluation of the model
 * @param lingerMillis how long (ms) a request waits for others while its batch is not full
 * @param cacheBytes the most memory (bytes) for rows of probabilities already evaluated; 0 keeps none, and with
 *     speculation anything else keeps 128 at least
 * @param walkThreads threads that sum the masses of fresh rows, so that the model need not wait for it
 * @param maxWaiting the most contexts that wait for the model; of more, those are refused who have more waiting than their
 *     share
 * @param speculation whether to evaluate ahead where few requests wait or batches have room: what known texts need, with a tokenizer, and
 *     what is likely where bytes come one by one
 */
public record ServiceSettings(
        int maxBatch, long lingerMillis, long cacheBytes, int walkThreads, int maxWaiting, boolean speculation)
        implements Serializable {
    private static final long serialVersionUID = 1;
    private static final long DEFAULT_CACHE_BYTES = 256L << 20;
    private static final int DEFAULT_MAX_WAITING = 16_384;

    /**
     * Batches of 128, no linger (what comes while the model is busy makes the next batch), 256 MiB, 2 threads, 16,384
     * waiting, with speculation.
     */
    public static ServiceSettings defaults() {
        return new ServiceSettings(128, 0, DEFAULT_CACHE_BYTES, 2);
    }

    /** 16,384 waiting, with speculation. */
    public ServiceSettings(int maxBatch, long lingerMillis, long cacheBytes, int walkThreads) {
        this(maxBatch, lingerMillis, cacheBytes, walkThreads, DEFAULT_MAX_WAITING, true);
    }

    /** The same settings without speculation. */
    public ServiceSettings withoutSpeculation() {
        return new ServiceSettings(maxBatch, lingerMillis, cacheBytes, walkThreads, maxWaiting, false);
    }

    /** The same settings where another number of contexts may wait. */
    public ServiceSettings withMaxWaiting(int newMaxWaiting) {
        return new ServiceSettings(maxBatch, lingerMillis, cacheBytes, walkThreads, newMaxWaiting, speculation);
    }

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public ServiceSettings {
        if (maxBatch < 1) {
            throw new IllegalArgumentException("maxBatch must be at least 1, got " + maxBatch);
        }
        if (lingerMillis < 0) {
            throw new IllegalArgumentException("lingerMillis must not be negative, got " + lingerMillis);
        }
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("cacheBytes must not be negative, got " + cacheBytes);
        }
        if (maxWaiting < 1) {
            throw new IllegalArgumentException("maxWaiting must be at least 1, got " + maxWaiting);
        }
        if (walkThreads < 1) {
            throw new IllegalArgumentException("walkThreads must be at least 1, got " + walkThreads);
        }
    }
}
