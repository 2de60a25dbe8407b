package io.bytelm.job.likelihood.report;

/**
 * A span of a document that the page shows.
 *
 * @param from its first byte
 * @param to one past its last byte
 * @param bits how surprising it is
 * @param otherBits the same for the compared model; NaN if there is none, or it has no score
 */
record ShownSpan(int from, int to, double bits, double otherBits) {
    boolean isCompared() {
        return !Double.isNaN(otherBits);
    }

    /** By how many bits the compared model finds it more surprising. */
    double difference() {
        return otherBits - bits;
    }
}
