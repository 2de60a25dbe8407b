package io.bytelm.job.bench;

/** The largest difference of log-probabilities (nats) that come in pairs. What is no number differs from any. */
final class LargestDifference {
    private final double rarest;
    private long compared;
    private double nats;

    /** @param rarest pairs of which both are below are left out (nats) */
    LargestDifference(double rarest) {
        this.rarest = rarest;
    }

    void add(double[] expected, double[] actual) {
        if (expected.length != actual.length) {
            nats = Double.POSITIVE_INFINITY;
            return;
        }
        for (int i = 0; i < expected.length; i++) {
            add(expected[i], actual[i]);
        }
    }

    void add(double expected, double actual) {
        if (expected < rarest && actual < rarest) {
            return;
        }
        compared++;
        double difference = Math.abs(expected - actual);
        nats = Math.max(nats, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }

    /** How many pairs. */
    long compared() {
        return compared;
    }

    double nats() {
        return nats;
    }
}
