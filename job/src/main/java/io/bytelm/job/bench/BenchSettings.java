package io.bytelm.job.bench;

import java.util.List;

/**
 * How much is measured.
 *
 * @param width the beam width K
 * @param thresholds the prune thresholds that documents are scored with, at least one; all else is measured with the first
 * @param deferring the shares up to which contexts are deferred where canonical tokenizations are measured too; empty if
 *     they are not
 * @param documents how many documents are scored
 * @param inFlight how many of them at the same time; the next begins when one is done
 * @param documentBytes the length of a document
 * @param sessions how many streaming sessions run at once, one measurement each
 * @param secondsEach one measurement ends after so long; what it has not read until then does not count
 */
public record BenchSettings(
        int width,
        List<Double> thresholds,
        List<Double> deferring,
        int documents,
        int inFlight,
        int documentBytes,
        List<Integer> sessions,
        double secondsEach) {
    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public BenchSettings {
        thresholds = List.copyOf(thresholds);
        deferring = List.copyOf(deferring);
        sessions = List.copyOf(sessions);
        if (deferring.stream().anyMatch(share -> !(share >= 0 && share < 1))) {
            throw new IllegalArgumentException("--defer must be at least 0 and less than 1, got " + deferring);
        }
        if (thresholds.isEmpty()) {
            throw new IllegalArgumentException("at least one prune threshold must be given");
        }
        if (documents < 1 || documentBytes < 2) {
            throw new IllegalArgumentException("a benchmark needs at least 1 document of at least 2 bytes, got "
                    + documents + " of " + documentBytes);
        }
        if (inFlight < 1) {
            throw new IllegalArgumentException("at least 1 document must be in flight, got " + inFlight);
        }
        if (sessions.stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("the numbers of sessions must be at least 1, got " + sessions);
        }
        if (!(secondsEach > 0)) {
            throw new IllegalArgumentException("a measurement must take some time, got " + secondsEach + " seconds");
        }
    }

    /** The threshold of all that is measured once. */
    public double firstThreshold() {
        return thresholds.get(0);
    }
}
