package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.likelihood.ScoredRows;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Submissions to a cluster as Flink's defaults leave it: what is refused, what is told, and what ends at once. */
class StartCheckClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(300);
    private static final int DOCUMENTS = 30;
    private static final List<String> SCORE =
            List.of("score", "--bootstrap", "localhost:1", "--in", "in", "--out", "out", "--parallelism", "2");

    @Test
    void submissionsAreCheckedBeforeAnythingStarts() throws Exception {
        Installation installation = Installation.in("start-check");
        try (SessionCluster cluster = SessionCluster.start(installation, 1, 1)) {
            assertThat(failing(cluster, "no-directory", SCORE))
                    .contains(
                            "bytelm: checkpoints: there is no directory for checkpoints, and Flink would keep them in memory;"
                                    + " set --checkpoint-dir DIR, or execution.checkpointing.dir in Flink's config.yaml")
                    .contains("bytelm: warning: slots: parallelism is 2, and 1 of 1 slots are free");
            assertThat(failing(cluster, "no-model", with(SCORE, "--model", "/no/such/model")))
                    .contains("bytelm: /no/such/model: no such model directory")
                    .contains("must lie at the same path on this machine and on every TaskManager's (--model)");
            String checkpoints = installation.directory("checkpoints").toUri().toString();
            assertThat(failing(cluster, "check", with(SCORE, "--check", "--checkpoint-dir", checkpoints)))
                    .contains("ok       jars: ")
                    .contains("finding  off-heap: a TaskManager leaves 0 MiB outside the heap")
                    .contains("finding  heap: a TaskManager's tasks have 256 MiB of Java's heap and need 576")
                    .contains("finding  memory: sizes that fit together, in Flink's config.yaml: ")
                    .contains("finding  broker: no Kafka broker answers at localhost:1");
            assertThat(cluster.rest().jobs()).isEmpty();
            assertThat(cluster.rest().get("/jobs/overview").get("jobs")).isEmpty();

            aDetachedRunIsFinishedByTheSameCommand(cluster, installation);
        }
    }

    private static void aDetachedRunIsFinishedByTheSameCommand(SessionCluster cluster, Installation installation)
            throws Exception {
        Path in = installation.directory("in.txt");
        Files.write(in, CorpusFiles.documents(DOCUMENTS, 33));
        Path out = installation.directory("out");
        List<String> arguments = likelihood(in, out);

        assertThat(succeeding(cluster, "detached", List.of("--detached"), arguments))
                .contains("The job goes on alone (detached)")
                .contains("run the same command without --detached");
        String job = cluster.rest()
                .get("/jobs/overview")
                .get("jobs")
                .get(0)
                .get("jid")
                .asText();
        Await.until(
                "the job finishes; logs in " + cluster.logs(),
                PATIENCE,
                () -> cluster.rest().state(job).equals("FINISHED"));
        assertThat(out.resolve("summary.json")).doesNotExist();

        assertThat(succeeding(cluster, "finishing", List.of(), arguments))
                .contains("Rows, rejects, summary and histogram are in ");
        assertThat(ScoredRows.of(out).count()).isEqualTo(DOCUMENTS);
        assertThat(cluster.rest().get("/jobs/overview").get("jobs"))
                .as("jobs: nothing was scored again")
                .hasSize(1);
    }

    @Test
    void aTaskManagerWithoutTheModelServiceEndsTheJobWithOneLine() throws Exception {
        Installation installation = Installation.in("no-engine");
        Path in = installation.directory("in.txt");
        Files.write(in, CorpusFiles.documents(DOCUMENTS, 34));
        try (SessionCluster cluster = SessionCluster.start(installation, 0, 1)) {
            cluster.startTaskManagerWithoutEngine();

            assertThat(failing(cluster, "no-engine", likelihood(in, installation.directory("out"))))
                    .contains(
                            "bytelm: Flink's lib directory has no bytelm-engine.jar; run java -jar bytelm.jar install");
            assertThat(cluster.rest()
                            .get("/jobs/overview")
                            .get("jobs")
                            .get(0)
                            .get("state")
                            .asText())
                    .isEqualTo("FAILED");
        }
    }

    private static List<String> likelihood(Path in, Path out) {
        return List.of(
                "likelihood",
                "--in",
                in.toString(),
                "--by",
                "line",
                "--out",
                out.toString(),
                "--parallelism",
                "1",
                "--threads",
                "1",
                "--prune",
                "0.05",
                "--checkpoint-interval-ms",
                "200");
    }

    private static List<String> with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all;
    }

    private static String failing(SessionCluster cluster, String name, List<String> arguments) throws Exception {
        try (ClusterProcess client = cluster.submit(name, arguments)) {
            int exitCode = client.awaitExit(PATIENCE.toSeconds());
            String printed = Files.readString(client.log());
            assertThat(exitCode).as("%s", printed).isNotZero();
            return printed;
        }
    }

    private static String succeeding(
            SessionCluster cluster, String name, List<String> optionsOfFlink, List<String> arguments) throws Exception {
        try (ClusterProcess client = cluster.submit(name, optionsOfFlink, arguments)) {
            int exitCode = client.awaitExit(PATIENCE.toSeconds());
            String printed = Files.readString(client.log());
            assertThat(exitCode).as("%s", printed).isZero();
            return printed;
        }
    }
}
