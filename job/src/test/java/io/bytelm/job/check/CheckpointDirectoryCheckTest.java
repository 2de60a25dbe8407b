package io.bytelm.job.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.check.CheckLine.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDirectoryCheckTest {
    private static final String OPTION = "execution.checkpointing.dir";

    @TempDir
    private Path directory;

    private static CheckLine line(Map<String, String> job, Map<String, String> cluster, boolean isLocal) {
        return CheckpointDirectoryCheck.line(Configuration.fromMap(job), Configuration.fromMap(cluster), isLocal);
    }

    private String uri(String name) {
        return directory.toUri() + name;
    }

    @Test
    void withoutADirectoryTheLineNamesBothOptions() {
        CheckLine line = line(Map.of(), Map.of(), false);

        assertThat(line.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(line.text())
                .isEqualTo("there is no directory for checkpoints, and Flink would keep them in memory; set"
                        + " --checkpoint-dir DIR, or execution.checkpointing.dir in Flink's config.yaml, on storage that every"
                        + " machine of the cluster reaches");
    }

    @Test
    void thatOfTheClusterCountsWhereTheJobSaysNothing() throws IOException {
        Files.createDirectory(directory.resolve("clusters"));

        assertThat(line(Map.of(), Map.of(OPTION, uri("clusters")), false))
                .isEqualTo(CheckLine.ok("checkpoints", uri("clusters") + ", which can be written from here"));
        assertThat(directory.resolve("clusters")).isEmptyDirectory();
    }

    @Test
    void theJobsOwnComesFirst() {
        assertThat(line(Map.of(OPTION, uri("own")), Map.of(OPTION, uri("clusters")), true)
                        .text())
                .startsWith(uri("own"));
        assertThat(directory).isEmptyDirectory(); // nothing stays of the attempt
    }

    @Test
    void checkpointsInMemoryAreRefusedWhateverTheDirectory() {
        CheckLine line =
                line(Map.of(OPTION, uri("a"), "execution.checkpointing.storage", "jobmanager"), Map.of(), false);

        assertThat(line.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(line.text())
                .startsWith("execution.checkpointing.storage is jobmanager")
                .contains("--checkpoint-dir");
    }

    @Test
    void aDirectoryOfOtherMachinesIsNotJudged() {
        assertThat(line(Map.of(OPTION, uri("elsewhere/deep")), Map.of(), false).verdict())
                .isEqualTo(Verdict.UNSEEN);
        assertThat(line(Map.of(OPTION, "s3://bucket/checkpoints"), Map.of(), false)
                        .verdict())
                .isEqualTo(Verdict.UNSEEN);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatCannotBeWrittenIsAFinding() throws IOException {
        Files.createFile(directory.resolve("file"));

        CheckLine here = line(Map.of(OPTION, uri("file")), Map.of(), true);
        assertThat(here.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(here.text())
                .startsWith(uri("file") + " cannot be written from here (")
                .contains("--checkpoint-dir DIR");
        assertThat(line(Map.of(OPTION, uri("file")), Map.of(), false).verdict()).isEqualTo(Verdict.WARNING);
    }
}
