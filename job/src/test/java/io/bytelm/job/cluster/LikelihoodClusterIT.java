package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.cli.BytelmCommand;
import io.bytelm.job.likelihood.ScoredRows;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileSystemFactory;
import org.junit.jupiter.api.Test;

/**
 * {@code likelihood} submitted to a cluster of two TaskManagers, with nothing on Flink's class path that it brings itself,
 * and a file system that only a plugin knows.
 */
class LikelihoodClusterIT {
    private static final int DOCUMENTS = 40;
    private static final int MANY_DOCUMENTS = 1200; // more than are scored until a checkpoint is seen
    private static final Duration PATIENCE = Duration.ofSeconds(300);

    @Test
    void aSubmittedRunHasTheRowsOfALocalOne() throws Exception {
        Installation installation = Installation.in("likelihood");
        ClassesJar.write(
                installation.directory("plugins").resolve("elsewhere/elsewhere.jar"),
                List.of(ElsewhereFileSystemFactory.class, ElsewhereFileSystemFactory.Elsewhere.class),
                Map.of(FileSystemFactory.class, ElsewhereFileSystemFactory.class));
        Map<String, Path> files =
                CorpusFiles.writeAll(installation.directory("in"), CorpusFiles.documents(DOCUMENTS, 21));
        List<String> in = Stream.of("text", "text, gzip", "text, zstd", "parquet")
                .map(kind -> String.valueOf(files.get(kind)))
                .toList();
        Path many = installation.directory("many.txt");
        Files.write(many, CorpusFiles.documents(MANY_DOCUMENTS, 22));
        Path submitted = installation.directory("submitted");
        Path resumed = installation.directory("resumed");

        try (SessionCluster cluster = SessionCluster.start(installation, 2, 1)) {
            List<String> elsewhere =
                    in.stream().map(LikelihoodClusterIT::elsewhere).toList();
            String printed = run(cluster, "submitted", arguments(elsewhere, elsewhere(submitted.toString())));
            assertThat(printed).contains("Rows, rejects, summary and histogram are in elsewhere:///");
            // Another class loader in the same TaskManagers: native libraries load again.
            goesOnWithTheJobOfAKilledCommand(cluster, arguments(List.of(many.toString()), resumed.toString()));
        }

        requireRowsOfALocalRun(in, submitted, installation.directory("local"));
        requireRowsOfALocalRun(List.of(many.toString()), resumed, installation.directory("local-many"));
    }

    /**
     * The command dies and its job lives on: the same command must not let both write. The job stands still until then,
     * however long a command takes to start.
     */
    private static void goesOnWithTheJobOfAKilledCommand(SessionCluster cluster, List<String> arguments)
            throws Exception {
        try (ClusterProcess killed = cluster.submit("killed", arguments)) {
            Await.until("a checkpoint of the job; see " + killed.log(), PATIENCE, () -> {
                List<String> jobs = cluster.rest().jobs();
                return !jobs.isEmpty()
                        && cluster.rest().checkpoints(jobs.get(0)).completed() > 0;
            });
            cluster.freezeTaskManagers();
            killed.kill();
        }
        List<String> jobs = cluster.rest().jobs();
        assertThat(jobs).as("jobs after the command was killed").hasSize(1);

        try (ClusterProcess resumed = cluster.submit("resumed", arguments)) {
            Await.until(
                    "the same command cancels the job; see " + resumed.log(),
                    PATIENCE,
                    () -> cluster.rest().state(jobs.get(0)).equals("CANCELLING"));
            cluster.thawTaskManagers();
            assertThat(succeeding(resumed))
                    .contains("of an earlier command was still running; cancelled it", "going on from checkpoint chk-");
        }
    }

    private static String run(SessionCluster cluster, String name, List<String> arguments) throws Exception {
        try (ClusterProcess client = cluster.submit(name, arguments)) {
            return succeeding(client);
        }
    }

    /** Waits for its end; returns what it printed. */
    private static String succeeding(ClusterProcess client) throws Exception {
        int exitCode = client.awaitExit(PATIENCE.toSeconds());
        String printed = Files.readString(client.log());
        assertThat(exitCode).as("%s", printed).isZero();
        return printed;
    }

    private static void requireRowsOfALocalRun(List<String> in, Path out, Path local) throws IOException {
        StringWriter errors = new StringWriter();
        int exitCode = BytelmCommand.run(
                arguments(in, local.toString()).toArray(String[]::new),
                new PrintWriter(new StringWriter()),
                new PrintWriter(errors, true));
        assertThat(exitCode).as(errors.toString()).isZero();
        ScoredRows rows = ScoredRows.of(out);
        assertThat(rows.count()).isIn(4 * DOCUMENTS, MANY_DOCUMENTS);
        rows.requireSameAs(ScoredRows.of(local));
    }

    private static String elsewhere(String path) {
        return ElsewhereFileSystemFactory.SCHEME + "://" + path;
    }

    private static List<String> arguments(List<String> in, String out) {
        List<String> arguments = new ArrayList<>(List.of("likelihood"));
        in.forEach(path -> arguments.addAll(List.of("--in", path)));
        arguments.addAll(List.of("--by", "line", "--out", out, "--prune", "0.05"));
        arguments.addAll(List.of("--parallelism", "2", "--threads", "1", "--checkpoint-interval-ms", "200"));
        return arguments;
    }
}
