package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.Main;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in a process of its own is killed three times at moments nobody chose, and goes on each time. */
class LikelihoodKillIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DOCUMENTS = 200;
    private static final int KILLS = 3;
    private static final long PATIENCE_SECONDS = 120;

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
        requireSameRows(disturbed, directory.resolve("undisturbed"), seed);
    }

    /** Waits until a checkpoint is complete that was not there before, then a little; returns whether the run resumed. */
    private boolean killedAfterProgress(Path in, Path out, Random random) throws Exception {
        List<Path> before = checkpoints(out);
        Path log = directory.resolve("log-" + random.nextLong());
        Process process = process(in, out, log);
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (before.containsAll(checkpoints(out))) {
                assertThat(process.isAlive())
                        .as("ended by itself: %s", Files.readString(log))
                        .isTrue();
                assertThat(System.nanoTime()).as("no checkpoint in time").isLessThan(deadline);
                Thread.sleep(20);
            }
            Thread.sleep(random.nextInt(300));
            assertThat(process.isAlive()).as("still at work when it is killed").isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        return Files.readString(log).contains("going on from checkpoint");
    }

    private static List<Path> checkpoints(Path out) throws IOException {
        if (!Files.exists(out)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(out)) {
            return found.filter(path -> path.endsWith("_metadata")).toList();
        } catch (java.io.UncheckedIOException filesComeAndGo) {
            return List.of();
        }
    }

    private static Process process(Path in, Path out, Path log) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-"))
                .forEach(line::add);
        line.addAll(List.of("-Xmx1g", "-Dai.djl.offline=true", "-cp"));
        line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        line.add(Main.class.getName());
        line.addAll(command(in, out));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static List<String> command(Path in, Path out) {
        return List.of(
                "likelihood",
                "--in",
                in.toString(),
                "--by",
                "line",
                "--out",
                out.toString(),
                "--parallelism",
                "2",
                "--in-flight",
                "8",
                "--checkpoint-interval-ms",
                "100");
    }

    private static void requireSameRows(Path first, Path second, long seed) throws IOException {
        List<String> rows = Files.readAllLines(first.resolve("scores.jsonl"));
        List<String> expected = Files.readAllLines(second.resolve("scores.jsonl"));
        assertThat(rows).as("seed %d", seed).hasSize(DOCUMENTS).hasSameSizeAs(expected);
        for (int i = 0; i < rows.size(); i++) {
            JsonNode row = JSON.readTree(rows.get(i));
            JsonNode same = JSON.readTree(expected.get(i));
            assertThat(row.path("id")).as("seed %d", seed).isEqualTo(same.path("id"));
            assertThat(row.path("bytes")).isEqualTo(same.path("bytes"));
            // What else is in a batch changes a sum of floats in its last digits.
            assertThat(row.path("log_likelihood").doubleValue())
                    .isCloseTo(same.path("log_likelihood").doubleValue(), within(2e-3));
        }
    }
}
