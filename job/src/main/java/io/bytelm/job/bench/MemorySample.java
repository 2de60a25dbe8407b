package io.bytelm.job.bench;

/**
 * The memory of this process at one moment of a soak, and what was done until then. Of several models, fills, rounds
 * and evictions are those of the model that has fewest; bytes and requests are of all together.
 *
 * @param seconds since the soak began
 * @param bytesScored by documents that were read to their end
 * @param residentMegabytes memory (MiB) of the whole process; NaN where the system does not say
 * @param stateCacheFill how much of the state cache's memory has ever been used: 0 to 1
 * @param rowCacheFill how much of the cache of probabilities is in use: 0 to 1
 * @param rounds how many times all documents were read
 * @param evictedTokens tokens whose states had to make room for others
 * @param cancelledRequests requests that were cancelled before their answer
 * @param lateRequests requests whose answer did not come in the time that they had
 */
public record MemorySample(
        double seconds,
        long bytesScored,
        double residentMegabytes,
        double stateCacheFill,
        double rowCacheFill,
        double rounds,
        long evictedTokens,
        long cancelledRequests,
        long lateRequests) {
    /** A row that does not fit any more leaves this much of a small cache empty. */
    private static final double FULL_ROWS = 0.95;

    /**
     * Whether the caches take all the memory that they ever will: they are full, or all documents were read and nothing
     * new can come.
     */
    boolean cachesHaveGrown() {
        return rounds >= 1 || (stateCacheFill >= 1 && rowCacheFill >= FULL_ROWS);
    }
}
