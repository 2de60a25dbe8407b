package io.bytelm.job.likelihood;

import io.bytelm.job.likelihood.scoring.Totals;
import java.util.Map;

/**
 * How far a pass is.
 *
 * @param documents scored, those of earlier runs included
 * @param rejects likewise
 * @param bytes of scored documents, likewise
 * @param inputLength how much of the input is done, likewise: bytes of files, or records of a topic
 * @param bytesOfThisRun scored since this job started
 * @param seconds since this job started
 */
public record ScoringProgress(
        long documents, long rejects, long bytes, long inputLength, long bytesOfThisRun, double seconds) {
    static ScoringProgress of(Map<String, Object> accumulators, double seconds) {
        return new ScoringProgress(
                number(accumulators, Totals.DOCUMENTS),
                number(accumulators, Totals.REJECTS),
                number(accumulators, Totals.BYTES),
                number(accumulators, Totals.INPUT_BYTES),
                number(accumulators, Totals.BYTES_OF_THIS_RUN),
                seconds);
    }

    private static long number(Map<String, Object> accumulators, String name) {
        return accumulators.get(name) instanceof Long value ? value : 0;
    }

    /** Of this job alone. */
    public double bytesPerSecond() {
        return seconds > 0 ? bytesOfThisRun / seconds : 0;
    }
}
