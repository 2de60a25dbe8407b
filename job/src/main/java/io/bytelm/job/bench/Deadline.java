package io.bytelm.job.bench;

/** Until when a measurement runs, and how long it has run. */
final class Deadline {
    private final long startNanos = System.nanoTime();
    private final double seconds;

    private Deadline(double seconds) {
        this.seconds = seconds;
    }

    static Deadline inSeconds(double seconds) {
        return new Deadline(seconds);
    }

    static Deadline never() {
        return new Deadline(Double.POSITIVE_INFINITY);
    }

    boolean isOver() {
        return secondsElapsed() >= seconds;
    }

    double secondsElapsed() {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
