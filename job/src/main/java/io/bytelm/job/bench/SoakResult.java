package io.bytelm.job.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a soak has seen.
 *
 * @param settled when memory should have stopped growing; null if the soak ended before that
 * @param highestMegabytes the most resident memory (MiB) since then; NaN if there was none
 * @param last at the end
 * @param leakedArrays tensors alive at the end that were not before
 */
public record SoakResult(@Nullable MemorySample settled, double highestMegabytes, MemorySample last, int leakedArrays) {
    /** How much more memory may be resident at any time after the process has settled. */
    static final double MOST_GROWTH = 0.05;

    /** How much more memory was resident at some time after the process had settled, as a share; NaN if it had not. */
    public double growth() {
        return settled == null ? Double.NaN : highestMegabytes / settled.residentMegabytes() - 1;
    }

    /** What is wrong, in one line; null if nothing is. */
    public @Nullable String failure() {
        if (leakedArrays != 0) {
            return "the soak failed: " + leakedArrays + " tensors were left open";
        }
        if (Double.isNaN(last.residentMegabytes())) {
            return "the soak saw nothing: resident memory is read from /proc, which this system lacks";
        }
        if (settled == null) {
            return format(
                    "the soak ended before memory could settle: the state cache was %.0f %% full, the cache of"
                            + " probabilities %.0f %%; take more --soak-minutes, a smaller --state-cache-mb or a"
                            + " smaller --cache-mb",
                    100 * last.stateCacheFill(), 100 * last.rowCacheFill());
        }
        if (last.cancelledRequests() + last.lateRequests() == 0) {
            return "the soak ended before a request was cancelled or late; take more --soak-minutes";
        }
        if (growth() > MOST_GROWTH) {
            return format(
                    "the soak failed: resident memory grew by %.1f %% after it should have settled, more than %.0f %%;"
                            + " is the Java heap of a fixed size, as in configs/jvm.options?",
                    100 * growth(), 100 * MOST_GROWTH);
        }
        return null;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
