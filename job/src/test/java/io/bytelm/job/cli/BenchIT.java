package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.lm.BundledModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark on the bundled model, in small. */
class BenchIT {
    private static final String TEXT = "It was a dark and stormy night; the rain fell in torrents, except at occasional"
            + " intervals, when it was checked by a violent gust of wind. ";

    @TempDir
    Path directory;

    @Test
    void printsOneLineOfJsonWithEveryFigure() throws IOException {
        CommandRun run = bench("--json", "--prune", "0.05,0", "--documents", "3", "--document-bytes", "64");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        JsonNode figures = new ObjectMapper().readTree(run.out());
        for (String name : List.of(
                "token_level_bytes_per_second",
                "document_bytes_per_second",
                "prefill_bytes_per_second",
                "outside_model_us_per_byte",
                "evaluations_per_byte",
                "efficiency",
                "peak_rss_mb")) {
            assertThat(figures.path(name).asDouble()).as(name).isPositive();
        }
        assertThat(figures.path("cache_hit_rate").asDouble()).isBetween(0.0, 1.0);
        assertThat(figures.path("streaming_bytes_per_second").path("1").asDouble())
                .isPositive();
        assertThat(figures.path("streaming_evaluations_per_second").path("4").asDouble())
                .isBetween(
                        figures.path("streaming_bytes_per_second").path("4").asDouble() / 10,
                        figures.path("streaming_bytes_per_second").path("4").asDouble() * 10);
        assertThat(figures.path("streaming_bytes_per_second").path("4").asDouble())
                .isPositive();
        JsonNode returning = figures.path("returning");
        assertThat(returning.path("bytes").asInt()).isEqualTo(63);
        assertThat(returning.path("tokens").asInt()).isGreaterThan(10);
        assertThat(returning.path("passes").asInt()).isBetween(1, 4);
        assertThat(returning.path("first_score_ms").asDouble()).isPositive();
        assertThat(returning.path("token_by_token_ms").asDouble()).isPositive();
        assertThat(figures.path("settings").path("k").asInt()).isEqualTo(5);
        assertThat(figures.path("settings").path("document_bytes").asInt()).isEqualTo(64);
        assertThat(figures.path("settings").path("precision").asText()).isEqualTo("float32");
    }

    @Test
    void aLowerThresholdAsksForMoreAndNeverLosesProbability() throws IOException {
        CommandRun run = bench("--json", "--prune", "0.05,0", "--documents", "3", "--document-bytes", "64");

        JsonNode figures = new ObjectMapper().readTree(run.out());
        JsonNode pruned = figures.path("by_threshold").path("0.05");
        JsonNode whole = figures.path("by_threshold").path("0");
        assertThat(pruned.path("document_bytes_read").asInt()).isEqualTo(3 * 64);
        assertThat(whole.path("document_bytes_read").asInt()).isEqualTo(3 * 64);
        assertThat(whole.path("evaluations_per_byte").asDouble())
                .isGreaterThan(pruned.path("evaluations_per_byte").asDouble());
        assertThat(whole.path("nats_per_byte").asDouble())
                .isLessThanOrEqualTo(pruned.path("nats_per_byte").asDouble());
        double canonical = figures.path("token_level_nats_per_byte").asDouble();
        assertThat(pruned.path("nats_per_byte").asDouble()).isCloseTo(canonical, within(0.2));
    }

    @Test
    void canonicalTokenizationsAreMeasuredBesideAll() throws IOException {
        CommandRun run = bench(
                "--json", "--prune", "0", "--documents", "3", "--document-bytes", "64", "--tokenizations", "canonical");

        assertThat(run.err()).isEmpty();
        JsonNode canonical = new ObjectMapper().readTree(run.out()).path("canonical");
        JsonNode documents = canonical.path("documents");
        JsonNode exact = canonical.path("every_byte_defer_0");
        JsonNode deferred = canonical.path("every_byte_defer_0.05");
        for (JsonNode measured : List.of(documents, exact, deferred)) {
            assertThat(measured.path("document_bytes_read").asInt()).isEqualTo(3 * 64);
            assertThat(measured.path("document_bytes_per_second").asDouble()).isPositive();
        }
        JsonNode sessions = canonical.path("sessions_defer_0.05");
        assertThat(sessions.path("streaming_bytes_per_second").path("4").asDouble())
                .isPositive();
        assertThat(sessions.path("prefill_bytes_per_second").asDouble()).isPositive();
        assertThat(sessions.path("outside_model_us_per_byte").asDouble()).isPositive();
        double nats = documents.path("nats_per_byte").asDouble();
        assertThat(exact.path("nats_per_byte").asDouble()).isCloseTo(nats, within(1e-4));
        assertThat(deferred.path("nats_per_byte").asDouble()).isBetween(nats - 1e-4, nats + 0.01);
        double evaluations = documents.path("evaluations_per_byte").asDouble();
        assertThat(deferred.path("evaluations_per_byte").asDouble()).isGreaterThan(evaluations);
        assertThat(exact.path("evaluations_per_byte").asDouble())
                .isGreaterThan(deferred.path("evaluations_per_byte").asDouble());
    }

    @Test
    void outputsWithAConstraintAreMeasuredBesideOutputsWithout() throws IOException {
        Path constraint = directory.resolve("constraint.json");
        Files.writeString(constraint, "{\"kind\": \"regex\", \"source\": \"(yes, please; |no, thank you; ){4,40}\"}");
        CommandRun run = benchOf(
                1,
                "--constraint",
                constraint.toString(),
                "--prune",
                "0.05",
                "--documents",
                "3",
                "--document-bytes",
                "80");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Outputs of at most 80 bytes").contains("without a constraint");
        assertThat(Double.parseDouble(run.out().replaceFirst("(?s).*with it ([0-9.]+) times the bytes.*", "$1")))
                .isGreaterThan(1); // of sixteen bytes fifteen are forced
    }

    @Test
    void aConstraintWithoutRoomIsRefusedWithARemedy() throws IOException {
        Path constraint = directory.resolve("constraint.json");
        Files.writeString(constraint, "{\"kind\": \"regex\", \"source\": \"a{90}\"}");
        CommandRun run =
                benchOf(1, "--constraint", constraint.toString(), "--documents", "3", "--document-bytes", "80");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains("90 bytes").contains("give more --document-bytes");
    }

    @Test
    void aConstraintIsMeasuredWithAModelInThisProcess() throws IOException {
        Path constraint = directory.resolve("constraint.json");
        Files.writeString(constraint, "{\"kind\": \"regex\", \"source\": \"a*\"}");
        CommandRun run = benchOf(1, "--constraint", constraint.toString(), "--service", "127.0.0.1:1");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains("leave out --service and --combine");
    }

    @Test
    void whereADocumentEndsTheNextBegins() throws IOException {
        CommandRun run =
                bench("--json", "--prune", "0.05", "--documents", "5", "--in-flight", "2", "--document-bytes", "64");

        JsonNode figures = new ObjectMapper().readTree(run.out());
        assertThat(figures.path("document_bytes_read").asInt()).isEqualTo(5 * 64);
        assertThat(figures.path("settings").path("in_flight").asInt()).isEqualTo(2);
    }

    @Test
    void writesTheDocumentsForAnotherProgram() throws IOException {
        Path written = directory.resolve("documents.hex");
        CommandRun run = bench(
                "--write-documents",
                written.toString(),
                "--prune",
                "0.05",
                "--documents",
                "2",
                "--document-bytes",
                "32");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("token level").contains("efficiency");
        List<String> lines = Files.readAllLines(written);
        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(line).hasSize(64));
        String first = IntStream.range(0, 32)
                .mapToObj(i -> String.valueOf((char) Integer.parseInt(lines.get(0), 2 * i, 2 * i + 2, 16)))
                .reduce("", String::concat);
        assertThat(first).isEqualTo(TEXT.substring(0, 32));
    }

    @Test
    void aSoakWatchesTheMemoryAfterTheCachesAreFull() throws IOException {
        CommandRun run = soak("--soak-minutes", "0.2", "--state-cache-mb", "2", "--cache-mb", "4");

        assertThat(run.out())
                .contains("tensors: 0 more")
                .contains("settled after")
                .containsPattern("0\\.2 +\\d+ +100 % +(9[5-9]|100) %");
        if (run.exitCode() != 0) { // the tests' JVM has a heap that still grows
            assertThat(run.err()).contains("resident memory grew").contains("configs/jvm.options");
        }
    }

    @Test
    void twoModelsAreSoakedAtTheSameTime() throws IOException {
        String model = BundledModel.directory().toString();
        CommandRun run = soak(
                "--model",
                model,
                "--model",
                model,
                "--soak-minutes",
                "0.2",
                "--state-cache-mb",
                "1",
                "--cache-mb",
                "4",
                "--state-precision",
                "bfloat16");

        assertThat(run.out()).contains("tensors: 0 more").contains("settled after");
        String[] last = run.out()
                .lines()
                .filter(line -> line.startsWith("      0.2 "))
                .findFirst()
                .orElseThrow()
                .strip()
                .split(" +");
        assertThat(Long.parseLong(last[last.length - 2])).as("tokens evicted").isPositive();
        assertThat(Long.parseLong(last[last.length - 1]))
                .as("requests given up")
                .isPositive();
        if (run.exitCode() != 0) { // the tests' JVM has a heap that still grows
            assertThat(run.err()).contains("resident memory grew").contains("configs/jvm.options");
        }
    }

    @Test
    void aSoakThatEndsBeforeTheCachesAreFullFailsAndSaysSo() throws IOException {
        CommandRun run = soak("--soak-minutes", "0.01");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("before memory could settle").contains("--soak-minutes");
        assertThat(run.out()).doesNotContain("settled after");
    }

    @Test
    void aSoakMustTakeSomeTime() throws IOException {
        CommandRun run = bench("--soak-minutes", "0");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("--soak-minutes");
    }

    @Test
    void aShortFileIsRefusedInOneLine() throws IOException {
        CommandRun run = bench("--document-bytes", "100000");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("text.txt").contains("take a longer file");
    }

    private CommandRun soak(String... options) throws IOException {
        Path book = directory.resolve("book.txt");
        Random random = new Random(1);
        StringBuilder words = new StringBuilder();
        while (words.length() < 200_000) {
            words.append(Integer.toString(random.nextInt(1_000_000), Character.MAX_RADIX))
                    .append(' ');
        }
        Files.writeString(book, words);
        List<String> args = new ArrayList<>(List.of("bench", "--in", book.toString(), "--threads", "1"));
        args.addAll(List.of("--documents", "3", "--document-bytes", "64", "--prune", "0.05"));
        args.addAll(List.of(options));
        return CommandRun.of(args);
    }

    private CommandRun bench(String... options) throws IOException {
        return benchOf(120, options);
    }

    /** @param seconds that each measurement takes at most; with a constraint each takes all of them */
    private CommandRun benchOf(int seconds, String... options) throws IOException {
        Path text = directory.resolve("text.txt");
        Files.write(text, TEXT.repeat(10).getBytes(StandardCharsets.US_ASCII));
        List<String> args = new ArrayList<>(List.of(
                "bench", "--in", text.toString(), "--threads", "1", "--seconds", "" + seconds, "--sessions", "1,4"));
        args.addAll(List.of(options));
        return CommandRun.of(args);
    }
}
