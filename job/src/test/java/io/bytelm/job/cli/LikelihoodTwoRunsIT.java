package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.likelihood.FaultyFileSystemFactory;
import io.bytelm.job.likelihood.ScoredRows;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two runs write into one directory of a store where nothing locks, as a job does whose command was killed and the same
 * command started again: the second one takes over, and every document has one row.
 */
class LikelihoodTwoRunsIT {
    private static final int DOCUMENTS = 400; // more than are scored until a checkpoint is seen
    private static final long PATIENCE_SECONDS = 240;

    @TempDir
    private Path directory;

    @Test
    void theSecondRunTakesOverAndTheFirstOneStops() throws Exception {
        Path in = directory.resolve("corpus.txt");
        Files.write(in, CorpusFiles.documents(DOCUMENTS, 31));
        Path shared = directory.resolve("shared");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<CommandRun> running = thread.submit(() -> CommandRun.of(
                    command(in, FaultyFileSystemFactory.path(shared).toString())));
            awaitCheckpoint(shared, running);
            CommandRun second = CommandRun.of(
                    command(in, FaultyFileSystemFactory.path(shared).toString()));
            CommandRun first = running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

            assertThat(first.exitCode()).as(first.out()).isEqualTo(1);
            assertThat(first.err())
                    .matches(
                            "(?s)bytelm: --out faulty:.*/shared was taken over by another run \\(its number is 2, this run's"
                                    + " is 1\\); this one stops, and what it has not published is the other's to do\\s*");
            assertThat(second.exitCode()).as(second.err()).isZero();
            assertThat(second.out())
                    .contains("Took the output directory over from an earlier run; waiting 6 s")
                    .contains("going on from checkpoint chk-");
        } finally {
            thread.shutdownNow();
        }
        CommandRun undisturbed =
                CommandRun.of(command(in, directory.resolve("undisturbed").toString()));
        assertThat(undisturbed.exitCode()).as(undisturbed.err()).isZero();
        ScoredRows rows = ScoredRows.of(shared);
        assertThat(rows.count()).isEqualTo(DOCUMENTS);
        rows.requireSameAs(ScoredRows.of(directory.resolve("undisturbed")));
    }

    private static void awaitCheckpoint(Path out, Future<CommandRun> running) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (CommandProcess.checkpoints(out).isEmpty()) {
            assertThat(running).as("the first run").isNotDone();
            assertThat(System.nanoTime()).as("no checkpoint in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static List<String> command(Path in, String out) {
        return new ArrayList<>(List.of(
                "likelihood",
                "--in",
                in.toString(),
                "--by",
                "line",
                "--out",
                out,
                "--parallelism",
                "2",
                "--in-flight",
                "8",
                "--checkpoint-interval-ms",
                "100",
                "--prune",
                "0.05"));
    }
}
