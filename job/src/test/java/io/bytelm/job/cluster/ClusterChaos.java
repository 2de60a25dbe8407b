package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Faults in random order for as long as one likes: {@code mvn -q -Pchaos verify -Dchaos.minutes=30 -Dchaos.seed=7}. {@code -Dchaos.faults=SERVICE.*} has only some. Prints a line a
 * fault, the durations of undisturbed checkpoints, and in the end one line with the sum.
 */
class ClusterChaos {
    private static final int LONGEST_PAUSE_MILLIS = 4000;

    /** What happens in a round, in random order: a service is killed more often than anything else. */
    private static final List<Fault> FAULTS = Stream.concat(
                    Arrays.stream(Fault.values()),
                    Stream.generate(() -> Fault.SERVICE_PROCESS_KILLED).limit(3))
            .filter(fault -> fault.name().matches(System.getProperty("chaos.faults", ".*")))
            .toList();

    @Test
    void everySessionIsScoredExactlyOnceForAsLongAsFaultsGoOn() throws Exception {
        long seed = Long.getLong("chaos.seed", 7);
        Duration duration = Duration.ofMinutes(Long.getLong("chaos.minutes", 5));
        Random random = new Random(seed);
        List<Fault> next = new ArrayList<>();
        Map<Fault, Integer> done = new EnumMap<>(Fault.class);
        try (ChaosExperiment experiment = ChaosExperiment.start("chaos", seed)) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < duration.toNanos()) {
                experiment.undisturbedForMillis(1000 + random.nextInt(LONGEST_PAUSE_MILLIS));
                if (next.isEmpty()) {
                    next.addAll(FAULTS);
                    Collections.shuffle(next, random);
                }
                Fault fault = next.remove(next.size() - 1);
                inject(experiment, fault, start);
                done.merge(fault, 1, Integer::sum);
            }
            ChaosReport report = experiment.finish();

            report.described().forEach(System.out::println);
            System.out.println("checkpoints while nothing was broken: " + report.checkpoints());
            System.out.println("faults: " + done);
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
