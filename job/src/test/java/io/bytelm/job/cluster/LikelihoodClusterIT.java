package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.cli.BytelmCommand;
import io.bytelm.job.likelihood.ScoredRows;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code likelihood} submitted to a cluster of two TaskManagers, with nothing on Flink's class path that it brings itself. */
class LikelihoodClusterIT {
    private static final int DOCUMENTS = 40;
    private static final long PATIENCE_SECONDS = 120;

    @Test
    void aSubmittedRunHasTheRowsOfALocalOne() throws Exception {
        Installation installation = Installation.in("likelihood");
        Map<String, Path> files =
                CorpusFiles.writeAll(installation.directory("in"), CorpusFiles.documents(DOCUMENTS, 21));
        List<Path> in = new ArrayList<>();
        for (String kind : List.of("text", "text, gzip", "text, zstd", "parquet")) {
            in.add(files.get(kind));
        }
        Path submitted = installation.directory("submitted");
        Path parquet = installation.directory("parquet");
        Path local = installation.directory("local");

        try (SessionCluster cluster = SessionCluster.start(installation, 2, 1)) {
            run(cluster, "submitted", arguments(in, submitted));
            // Another class loader in the same TaskManagers: native libraries load again.
            run(cluster, "parquet", arguments(in, parquet, "--out-format", "parquet"));
        }
        StringWriter errors = new StringWriter();
        int exitCode = BytelmCommand.run(
                arguments(in, local).toArray(String[]::new),
                new PrintWriter(new StringWriter()),
                new PrintWriter(errors, true));

        assertThat(exitCode).as(errors.toString()).isZero();
        assertThat(ScoredRows.of(submitted).count()).isEqualTo(in.size() * DOCUMENTS);
        ScoredRows.of(submitted).requireSameAs(ScoredRows.of(local));
        assertThat(parquet.resolve("scores.parquet")).isNotEmptyFile();
    }

    private static void run(SessionCluster cluster, String name, List<String> arguments) throws Exception {
        try (ClusterProcess client = cluster.submit(name, arguments)) {
            assertThat(client.awaitExit(PATIENCE_SECONDS))
                    .as("see %s", client.log())
                    .isZero();
            assertThat(client.log()).content().contains("Rows, rejects, summary and histogram are in");
        }
    }

    private static List<String> arguments(List<Path> in, Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of("likelihood"));
        in.forEach(path -> arguments.addAll(List.of("--in", path.toString())));
        arguments.addAll(List.of("--by", "line", "--out", out.toString()));
        arguments.addAll(List.of("--parallelism", "2", "--threads", "1"));
        arguments.addAll(List.of(more));
        return arguments;
    }
}
