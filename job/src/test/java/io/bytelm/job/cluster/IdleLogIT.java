package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.kafka.BrokerCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the processes of a cluster log at Flink's own level while a job waits for records and checkpoints every second. */
class IdleLogIT {
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final long SETTLING_MILLIS = 6_000;
    private static final long WATCHED_MILLIS = 15_000;
    private static final long FEW_LINES = 2;
    private static final String LEVEL_INFO = """
            rootLogger.level = INFO
            rootLogger.appenderRef.console.ref = CONSOLE
            appender.console.type = CONSOLE
            appender.console.name = CONSOLE
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d %-5p %c [%t] %m%n
            """;

    @Test
    void anIdleJobSaysNextToNothingWithTheShippedSettings() throws Exception {
        Installation installation = Installation.in("idle-log");
        String quiet = Files.readString(Path.of("..", "configs", "log4j-bytelm.properties"));
        Files.writeString(installation.directory("conf/log4j2.properties"), LEVEL_INFO + quiet);
        try (BrokerProcess broker = new BrokerProcess(installation);
                SessionCluster cluster = SessionCluster.start(installation, 1, 1)) {
            createTopics(broker);
            submit(
                    cluster,
                    broker,
                    installation.directory("checkpoints").toUri().toString());
            awaitCheckpoints(cluster, 1);
            Thread.sleep(SETTLING_MILLIS);

            long before = lines(cluster.logs());
            long completed = completedCheckpoints(cluster);
            Thread.sleep(WATCHED_MILLIS);

            assertThat(lines(cluster.logs()) - before).isLessThanOrEqualTo(FEW_LINES);
            assertThat(completedCheckpoints(cluster))
                    .as("checkpoints meanwhile")
                    .isGreaterThan(completed + 3);
        }
    }

    private static void createTopics(BrokerProcess broker) throws InterruptedException {
        Await.until("the broker has its topics", PATIENCE, () -> {
            try {
                new BrokerCheck(broker.bootstrap(), Map.of())
                        .createMissingTopics(List.of("in", "out", "rejected"), Optional.of(1));
                return true;
            } catch (RuntimeException e) {
                throw new IOException(e);
            }
        });
    }

    private static void submit(SessionCluster cluster, BrokerProcess broker, String checkpoints) throws Exception {
        List<String> arguments = List.of(
                "score",
                "--bootstrap",
                broker.bootstrap(),
                "--in",
                "in",
                "--out",
                "out",
                "--dead-letters",
                "rejected",
                "--parallelism",
                "1",
                "--threads",
                "1",
                "--cache-mb",
                "32",
                "--checkpoint-dir",
                checkpoints);
        try (ClusterProcess client = cluster.submit("submit", List.of("--detached"), arguments)) {
            int exitCode = client.awaitExit(PATIENCE.toSeconds());
            assertThat(exitCode).as("%s", Files.readString(client.log())).isZero();
        }
    }

    private static void awaitCheckpoints(SessionCluster cluster, long atLeast) throws InterruptedException {
        Await.until("checkpoints; logs in " + cluster.logs(), PATIENCE, () -> completedCheckpoints(cluster) >= atLeast);
    }

    private static long completedCheckpoints(SessionCluster cluster) throws IOException, InterruptedException {
        List<String> jobs = cluster.rest().jobs();
        return jobs.isEmpty() ? 0 : cluster.rest().checkpoints(jobs.get(0)).completed();
    }

    private static long lines(Path logs) throws IOException {
        long lines = 0;
        for (String name : List.of("jobmanager.log", "taskmanager-1.log")) {
            try (Stream<String> all = Files.lines(logs.resolve(name), StandardCharsets.ISO_8859_1)) {
                lines += all.count();
            }
        }
        return lines;
    }
}
