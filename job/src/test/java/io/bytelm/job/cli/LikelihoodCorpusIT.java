package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.likelihood.ScoredRows;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Acceptance at size: {@code mvn -q -pl operators,job verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false
 * -Dit.test=LikelihoodCorpusIT -Dcorpus.documents=10000 [-Dcorpus.dir=DIR] [-Dcorpus.book=FILE] [-Dcorpus.forms=REGEX]}. A
 * corpus of so many documents in every format, and the lines of the book if one is given: each is scored undisturbed, and
 * again with three kills at random moments and the same command after each. Prints a line for each.
 */
@EnabledIfSystemProperty(named = "corpus.documents", matches = "\\d+")
class LikelihoodCorpusIT {
    private static final int KILLS = 3;
    /** Of the time that an undisturbed run takes: so that none ends before all kills were. */
    private static final double LATEST_KILL = 0.3;

    private static final double EARLIEST_KILL_SECONDS = 0.5;
    private static final long PATIENCE_SECONDS = 7200;

    /** What is scored, by what it is called. */
    static Stream<Arguments> inputsByForm() throws IOException {
        String wanted = System.getProperty("corpus.forms", ".*");
        return inputs().entrySet().stream()
                .filter(input -> input.getKey().matches(wanted))
                .map(input -> Arguments.of(input.getKey(), input.getValue()));
    }

    private static Map<String, Path> inputs() throws IOException {
        Path corpus = directory().resolve("in");
        List<String> documents = CorpusFiles.documents(Integer.getInteger("corpus.documents"), 10);
        Map<String, Path> inputs = new TreeMap<>(CorpusFiles.writeAll(corpus, documents));
        inputs.put("text by file", CorpusFiles.writeEach(corpus.resolve("files"), documents));
        String book = System.getProperty("corpus.book", "");
        if (!book.isEmpty()) {
            inputs.put("book", Path.of(book));
        }
        return inputs;
    }

    private static Path directory() {
        return Path.of(System.getProperty("corpus.dir", "target/corpus")).toAbsolutePath();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inputsByForm")
    void threeKillsAtRandomMomentsChangeNoRow(String form, Path in) throws Exception {
        Path home = directory().resolve(form.replaceAll("\\W+", "-"));
        deleteAll(home);
        Files.createDirectories(home);
        Path undisturbed = home.resolve("undisturbed");
        Path disturbed = home.resolve("disturbed");
        double seconds;
        try (CommandProcess run = start(form, in, undisturbed)) {
            seconds = run.awaitSuccess(PATIENCE_SECONDS);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> kills = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            double after =
                    EARLIEST_KILL_SECONDS + random.nextDouble() * (LATEST_KILL * seconds - EARLIEST_KILL_SECONDS);
            kills.add(String.format(Locale.ROOT, "%.1f s", after));
            try (CommandProcess run = start(form, in, disturbed)) {
                Thread.sleep((long) (after * 1000));
                run.requireAlive();
                run.kill();
            }
        }
        try (CommandProcess run = start(form, in, disturbed)) {
            run.awaitSuccess(PATIENCE_SECONDS);
            ScoredRows rows = ScoredRows.of(disturbed);
            double largest = rows.requireSameAs(ScoredRows.of(undisturbed));
            assertThat(Files.readString(disturbed.resolve("rejects.jsonl")))
                    .isEqualTo(Files.readString(undisturbed.resolve("rejects.jsonl")));
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %,6d rows, undisturbed %.0f s; killed after %s (seed %d); %s; the same rows,"
                            + " largest difference %.1e nats per byte, %d rows beyond 1e-4%n",
                    form,
                    rows.count(),
                    seconds,
                    String.join(", ", kills),
                    seed,
                    run.resumed() ? "went on from a checkpoint" : "began again",
                    largest,
                    rows.beyond(1e-4, ScoredRows.of(undisturbed)));
        }
    }

    private static CommandProcess start(String form, Path in, Path out) throws IOException {
        String unit = form.equals("text by file") ? "file" : "line";
        List<String> command =
                List.of("likelihood", "--in", in.toString(), "--by", unit, "--out", out.toString(), "--prune", "0.05");
        return CommandProcess.start(command, out.resolveSibling(out.getFileName() + "-" + System.nanoTime() + ".log"));
    }

    private static void deleteAll(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
