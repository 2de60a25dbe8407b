package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A cluster of separate processes, each part of which fails once that jobs cannot live without. {@link ClusterChaos} is the
 * long version, in which services fail too.
 */
class ClusterFaultsIT {
    private static final long SEED = 11;
    private static final long UNDISTURBED_MILLIS = 1500;
    private static final int SESSIONS = 1000;

    @Test
    void everySessionIsScoredExactlyOnceThoughEachPartOfTheClusterFails() throws Exception {
        try (ChaosExperiment experiment = ChaosExperiment.start("faults", SEED)) {
            List<Fault> faults =
                    Arrays.stream(Fault.values()).filter(Fault::restoresJobs).toList();
            for (Fault fault : faults) {
                experiment.undisturbedForMillis(UNDISTURBED_MILLIS);
                experiment.inject(fault);
            }
            experiment.undisturbedForMillis(UNDISTURBED_MILLIS);
            experiment.awaitSessions(SESSIONS);
            ChaosReport report = experiment.finish();

            System.out.println("checkpoints while nothing was broken: " + report.checkpoints());
            report.assertExactlyOnce();
            report.assertHostileRecordsWithstood();
            report.assertQuickCheckpoints(0.5);
            assertThat(report.faults()).isEqualTo(faults.size());
            assertThat(report.sessions()).as("sessions").isGreaterThanOrEqualTo(SESSIONS);
        }
    }
}
