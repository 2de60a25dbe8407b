package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.likelihood.ScoredRows;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in a process of its own is killed three times at moments nobody chose, and goes on each time. */
class LikelihoodKillIT {
    private static final int DOCUMENTS = 300; // many more than are scored until the last kill
    private static final int KILLS = 3;
    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    private Path directory;

    @Test
    void threeKillsChangeNoRow() throws Exception {
        Path in = directory.resolve("corpus.txt");
        Files.write(in, CorpusFiles.documents(DOCUMENTS, 7));
        Path disturbed = directory.resolve("disturbed");
        long seed = System.nanoTime();
        Random random = new Random(seed);

        int resumed = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            resumed += killedAfterProgress(in, disturbed, random) ? 1 : 0;
        }
        CommandRun last = CommandRun.of(command(in, disturbed));
        CommandRun undisturbed = CommandRun.of(command(in, directory.resolve("undisturbed")));

        assertThat(last.exitCode()).as(last.err()).isZero();
        assertThat(undisturbed.exitCode()).as(undisturbed.err()).isZero();
        assertThat(resumed)
                .as("runs that went on from a checkpoint; seed %d", seed)
                .isEqualTo(KILLS - 1);
        assertThat(last.out()).as("seed %d", seed).contains("going on from checkpoint chk-");
        ScoredRows rows = ScoredRows.of(disturbed);
        assertThat(rows.count()).as("seed %d", seed).isEqualTo(DOCUMENTS);
        rows.requireSameAs(ScoredRows.of(directory.resolve("undisturbed")));
        assertThat(spans(disturbed)).as("seed %d", seed).isEqualTo(spans(directory.resolve("undisturbed")));
    }

    /** Waits until a checkpoint is complete that was not there before, then a little; returns whether the run resumed. */
    private boolean killedAfterProgress(Path in, Path out, Random random) throws Exception {
        List<Path> before = CommandProcess.checkpoints(out);
        Path log = directory.resolve("log-" + random.nextLong());
        try (CommandProcess process = CommandProcess.start(command(in, out), log)) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (before.containsAll(CommandProcess.checkpoints(out))) {
                process.requireAlive();
                assertThat(System.nanoTime()).as("no checkpoint in time").isLessThan(deadline);
                Thread.sleep(20);
            }
            Thread.sleep(random.nextInt(300));
            process.requireAlive();
            process.kill();
            return process.resumed();
        }
    }

    /** Each span's document and place, in the order of the file. */
    private static List<String> spans(Path out) throws IOException {
        return Files.readAllLines(out.resolve("spans.jsonl")).stream()
                .map(line -> line.substring(0, line.indexOf(",\"bytes\"")))
                .toList();
    }

    private static List<String> command(Path in, Path out) {
        return List.of(
                "likelihood",
                "--in",
                in.toString(),
                "--by",
                "line",
                "--spans",
                "words",
                "--out",
                out.toString(),
                "--parallelism",
                "2",
                "--in-flight",
                "8",
                "--checkpoint-interval-ms",
                "100");
    }
}
