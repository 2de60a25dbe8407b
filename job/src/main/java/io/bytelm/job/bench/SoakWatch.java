package io.bytelm.job.bench;

import org.jspecify.annotations.Nullable;

/**
 * Decides when memory has to be flat, and remembers the most since then: when the time to settle is over, in which the JVM
 * compiles and the engine allocates, and the caches grow no more.
 */
final class SoakWatch {
    private final double settlingSeconds;
    private @Nullable MemorySample settled;
    private double highestMegabytes = Double.NaN;

    /** @param settlingSeconds the process settles no sooner */
    SoakWatch(double settlingSeconds) {
        this.settlingSeconds = settlingSeconds;
    }

    /** Takes note of a sample; they come in the order of time. */
    void see(MemorySample sample) {
        if (settled != null) {
            highestMegabytes = Math.max(highestMegabytes, sample.residentMegabytes());
        } else if (sample.seconds() >= settlingSeconds && sample.cachesHaveGrown()) {
            settled = sample;
            highestMegabytes = sample.residentMegabytes();
        }
    }

    SoakResult result(MemorySample last, int leakedArrays) {
        return new SoakResult(settled, highestMegabytes, last, leakedArrays);
    }
}
