package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/**
 * What came of it.
 *
 * @param faults how many were injected
 * @param restoringFaults how many of those jobs could not live through
 * @param restores of jobs from a checkpoint, at least one for each of those
 * @param sessions that were spoken
 * @param records scores that were compared
 * @param differences scores that were missing, there twice, out of order, or wrong
 * @param described the first few differences
 * @param checkpoints taken while nothing was broken
 * @param hostile records that nobody should have sent, and the broker took
 * @param refusals how many dead letters of each reason there are
 */
record ChaosReport(
        int faults,
        int restoringFaults,
        int restores,
        int sessions,
        long records,
        long differences,
        List<String> described,
        CheckpointDurations checkpoints,
        long hostile,
        Map<String, Long> refusals) {
    private static final long LONGEST_CHECKPOINT_MILLIS = 2000;

    void assertExactlyOnce() {
        assertThat(differences).as("differences, such as %s", described).isZero();
        assertThat(restores).as("restores").isGreaterThanOrEqualTo(restoringFaults);
    }

    /** Strangers have sent what they could, and it was refused for reasons that are the records' own. */
    void assertHostileRecordsWithstood() {
        assertThat(hostile).as("hostile records").isPositive();
        assertThat(refusals).as("dead letters").isNotEmpty().doesNotContainKey("internal-error");
    }

    /** @param share how many of them must be quick: of a few, one may meet with whatever else the machine does */
    void assertQuickCheckpoints(double share) {
        assertThat(checkpoints.count()).as("undisturbed checkpoints").isPositive();
        assertThat(checkpoints.quantileMillis(share))
                .as("ms, the quantile %s of %s", share, checkpoints)
                .isLessThan(LONGEST_CHECKPOINT_MILLIS);
    }

    /** The line that a run ends with. */
    String line(long seed) {
        return String.format(
                "chaos: seed=%d faults=%d restores=%d records=%d differences=%d hostile=%d refused=%s",
                seed, faults, restores, records, differences, hostile, refusals);
    }
}
