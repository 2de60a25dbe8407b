package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random faults for as long as one likes: {@code mvn -q -Pchaos verify -Dchaos.minutes=30 -Dchaos.seed=7}. Prints a line a
 * fault, the durations of undisturbed checkpoints, and in the end one line with the sum.
 */
class ClusterChaos {
    private static final int LONGEST_PAUSE_MILLIS = 8000;

    @Test
    void everySessionIsScoredExactlyOnceForAsLongAsFaultsGoOn() throws Exception {
        long seed = Long.getLong("chaos.seed", 7);
        Duration duration = Duration.ofMinutes(Long.getLong("chaos.minutes", 5));
        Random random = new Random(seed);
        try (ChaosExperiment experiment = ChaosExperiment.start("chaos", seed)) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < duration.toNanos()) {
                experiment.undisturbedForMillis(1000 + random.nextInt(LONGEST_PAUSE_MILLIS));
                inject(experiment, Fault.values()[random.nextInt(Fault.values().length)], start);
            }
            ChaosReport report = experiment.finish();

            report.described().forEach(System.out::println);
            System.out.println("checkpoints while nothing was broken: " + report.checkpoints());
            System.out.println(report.line(seed));
            report.assertExactlyOnce();
            report.assertHostileRecordsWithstood();
            report.assertQuickCheckpoints(0.99);
            assertThat(report.faults()).as("faults").isPositive();
        }
    }

    private static void inject(ChaosExperiment experiment, Fault fault, long start) throws Exception {
        int restoresBefore = experiment.restores();
        long begun = System.nanoTime();
        experiment.inject(fault);
        System.out.printf(
                "%5d s  %-20s recovered after %4.1f s, %d restored, %d scores compared%n",
                (begun - start) / 1_000_000_000,
                fault,
                (System.nanoTime() - begun) / 1e9,
                experiment.restores() - restoresBefore,
                experiment.records());
    }
}
