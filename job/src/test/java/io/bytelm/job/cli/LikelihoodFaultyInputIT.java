package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.likelihood.FaultyFileSystemFactory;
import io.bytelm.job.likelihood.ScoredRows;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that fails for a while is borne; one that stays away ends the command, which then goes on where it was. */
class LikelihoodFaultyInputIT {
    private static final int DOCUMENTS = 20;

    @TempDir
    private Path directory;

    @AfterEach
    void heal() {
        FaultyFileSystemFactory.failReads(0, 1);
    }

    @Test
    void noDocumentIsLostToAFileSystemThatFails() throws IOException {
        CorpusFiles.writeAll(directory.resolve("in"), CorpusFiles.documents(DOCUMENTS, 12));
        Path in = directory.resolve("in/corpus.jsonl.gz");
        FaultyFileSystemFactory.failReads(Integer.MAX_VALUE, 1);

        CommandRun failed = run(in);

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err())
                .matches(
                        "bytelm: input faulty:.*/corpus.jsonl.gz cannot be read \\(Connection reset\\), after 8 attempts;"
                                + " the same command goes on from the last checkpoint once it can be read\\R");
        assertThat(directory.resolve("out/scores.jsonl")).doesNotExist();

        FaultyFileSystemFactory.failReads(2, 1);
        CommandRun succeeded = run(in);

        assertThat(succeeded.exitCode()).as(succeeded.err()).isZero();
        assertThat(ScoredRows.of(directory.resolve("out")).count()).isEqualTo(DOCUMENTS);
        assertThat(directory.resolve("out/rejects.jsonl")).isEmptyFile();
    }

    private CommandRun run(Path in) {
        return CommandRun.of(List.of(
                "likelihood",
                "--in",
                FaultyFileSystemFactory.path(in).toString(),
                "--out",
                directory.resolve("out").toString(),
                "--prune",
                "0.05"));
    }
}
