package io.bytelm.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which checkpoint a job goes on from. */
class ResumePointTest {
    @TempDir
    private Path directory;

    private Path checkpoint(String name, long completedMillis) throws IOException {
        Path checkpoint = Files.createDirectories(directory.resolve(name));
        Path metadata = Files.createFile(checkpoint.resolve("_metadata"));
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(completedMillis));
        return checkpoint;
    }

    @Test
    void ofADirectoryOfCheckpointsTheNewestThatHasCompleted() throws IOException {
        checkpoint("job-a/chk-900", 1_000);
        Path newest = checkpoint("job-b/chk-7", 3_000);
        checkpoint("job-b/chk-6", 2_000);
        Files.createDirectories(directory.resolve("job-b/chk-8")); // was under way when the job was killed
        Files.createDirectories(directory.resolve("job-b/shared"));

        assertThat(ResumePoint.in(directory.toString()))
                .isEqualTo(newest.toUri().toString());
        assertThat(ResumePoint.in(directory.toUri().toString()))
                .isEqualTo(newest.toUri().toString());
        assertThat(ResumePoint.in(directory.resolve("job-a").toString())).contains("chk-900");
    }

    @Test
    void aCheckpointOrWhatLiesElsewhereIsTakenAsItIs() throws IOException {
        String checkpoint = checkpoint("chk-1", 1).toString();

        assertThat(ResumePoint.in(checkpoint)).isEqualTo(checkpoint);
        assertThat(ResumePoint.in("s3://bucket/savepoint-1")).isEqualTo("s3://bucket/savepoint-1");
        assertThat(ResumePoint.in("/on/the/cluster/only")).isEqualTo("/on/the/cluster/only");
    }

    @Test
    void aDirectoryWithoutCheckpointsIsNamed() {
        assertThatThrownBy(() -> ResumePoint.in(directory.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no completed checkpoint in " + directory)
                .hasMessageContaining("--checkpoint-dir");
    }
}
