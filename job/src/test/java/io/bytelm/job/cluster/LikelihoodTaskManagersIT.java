package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two TaskManagers on this machine beside one, with the same threads of the model in all: {@code mvn -q -pl operators,job
 * verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 * -Dit.test=LikelihoodTaskManagersIT -Dtaskmanagers.in=FILE [-Dtaskmanagers.rounds=3] [-Dtaskmanagers.prune=0.001]} scores
 * the file's lines in turns with both; the start of the job counts. With fewer than some 500 lines the TaskManager that is
 * ready first may take most of them.
 */
@EnabledIfSystemProperty(named = "taskmanagers.in", matches = ".+")
class LikelihoodTaskManagersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int SUBTASKS = Math.max(2, CORES);
    private static final long PATIENCE_SECONDS = 7200;

    @Test
    void twoAreAtLeastAsFastAsOne() throws Exception {
        List<Double> ones = new ArrayList<>();
        List<Double> twos = new ArrayList<>();
        for (int round = 0; round < Integer.getInteger("taskmanagers.rounds", 3); round++) {
            ones.add(bytesPerSecond(1));
            twos.add(bytesPerSecond(2));
        }
        double ratio = best(twos) / best(ones);
        System.out.printf(
                Locale.ROOT,
                "bytes/s with one TaskManager %s, with two %s, ratio of the best %.2f%n",
                whole(ones),
                whole(twos),
                ratio);
        assertThat(ratio).isGreaterThanOrEqualTo(1);
    }

    private static double bytesPerSecond(int taskManagers) throws Exception {
        Installation installation = Installation.in("taskmanagers").forMeasurements();
        Path out = installation.directory("out");
        List<String> arguments = List.of(
                "likelihood",
                "--in",
                System.getProperty("taskmanagers.in"),
                "--by",
                "line",
                "--out",
                out.toString(),
                "--prune",
                System.getProperty("taskmanagers.prune", "0.001"),
                "--parallelism",
                Integer.toString(SUBTASKS),
                "--threads",
                Integer.toString(Math.max(1, CORES / taskManagers)));
        try (SessionCluster cluster = SessionCluster.start(installation, taskManagers, SUBTASKS / taskManagers);
                ClusterProcess client = cluster.submit("likelihood", arguments)) {
            assertThat(client.awaitExit(PATIENCE_SECONDS))
                    .as("see %s", client.log())
                    .isZero();
        }
        JsonNode summary = JSON.readTree(out.resolve("summary.json").toFile());
        return summary.at("/throughput_since_last_start/0/bytes_per_second").doubleValue();
    }

    private static List<Long> whole(List<Double> measured) {
        return measured.stream().map(Math::round).toList();
    }

    private static double best(List<Double> measured) {
        return measured.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
}
