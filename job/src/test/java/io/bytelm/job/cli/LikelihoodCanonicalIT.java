package io.bytelm.job.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.job.EngineSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.lm.djl.Precision;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TrieLmService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command over canonical tokenizations, on a few documents of the bundled model. */
class LikelihoodCanonicalIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NATS = 1e-3;
    private static final List<String> DOCUMENTS = List.of(
            "It was a dark and stormy night, and the rain fell in torrents",
            "\u00c9t\u00e9 in 1887,  a study in 123 scarlets...\u2019",
            "x",
            "  Holmes's \u4e2d tobacco \ud83d\ude00!!");

    /** The log probability (nats) of each, by a tree. */
    private static final List<Double> EXACT = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void readByTrees() {
        EngineSettings engine = new EngineSettings("cpu", 0, 0, 0, 512L << 20, Precision.FLOAT32);
        ModelSettings bundled = new ModelSettings(null, engine, ServiceSettings.defaults());
        try (TrieLmService service = bundled.open()) {
            CanonicalTree start =
                    CanonicalTree.initial(service.canonicalRules(), CanonicalParams.exact(), EosMode.WITH_EOS);
            for (String document : DOCUMENTS) {
                EXACT.add(start.read(document.getBytes(UTF_8))
                        .run(new ServiceAnswers(service))
                        .logProb()
                        .logLower());
            }
        }
    }

    @Test
    void documentsHaveTheExactSumOfTheTreeAndGoOnInNoOtherMode() throws IOException {
        CommandRun run = likelihood("out");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("their exact sum");
        List<JsonNode> rows = rows("out");
        for (int i = 0; i < DOCUMENTS.size(); i++) {
            assertThat(rows.get(i).path("log_likelihood").doubleValue())
                    .as(DOCUMENTS.get(i))
                    .isCloseTo(EXACT.get(i), within(NATS));
            assertThat(rows.get(i).path("log_likelihood_upper"))
                    .isEqualTo(rows.get(i).path("log_likelihood"));
        }
        JsonNode summary = JSON.readTree(directory.resolve("out/summary.json").toFile());
        assertThat(summary.at("/models/0/log_likelihood_upper").doubleValue())
                .isEqualTo(summary.at("/models/0/log_likelihood").doubleValue());
        assertThat(summary.at("/settings/tokenizations").asText()).isEqualTo("canonical");
        CommandRun all = CommandRun.of(
                "likelihood",
                "--in",
                input().toString(),
                "--by",
                "line",
                "--out",
                directory.resolve("out").toString());
        assertThat(all.exitCode()).isEqualTo(1);
        assertThat(all.err()).contains("another --tokenizations (then canonical, now none)");
    }

    @Test
    void everyByteAddsUpToACertifiedSum() throws IOException {
        CommandRun run = likelihood("out", "--byte-logprobs", "--defer", "0.2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<JsonNode> rows = rows("out");
        double widest = 0;
        for (int i = 0; i < DOCUMENTS.size(); i++) {
            double exact = EXACT.get(i);
            double lower = rows.get(i).path("log_likelihood").doubleValue();
            double upper = rows.get(i).path("log_likelihood_upper").doubleValue();
            assertThat(exact).as(DOCUMENTS.get(i)).isBetween(lower - NATS, upper + NATS);
            double sum = 0;
            for (JsonNode logProb : rows.get(i).path("byte_logprobs")) {
                sum += logProb.doubleValue();
            }
            assertThat(sum).isCloseTo(lower, within(1e-9));
            assertThat(rows.get(i).path("byte_logprobs"))
                    .hasSize(DOCUMENTS.get(i).getBytes(UTF_8).length);
            widest = Math.max(widest, upper - lower);
        }
        assertThat(widest).isPositive();
    }

    @Test
    void whatHasNoMeaningIsRefusedBeforeAnythingStarts() throws IOException {
        requireRefused(likelihood("out", "--k", "5"), "--k");
        requireRefused(likelihood("out", "--defer", "0.1"), "--byte-logprobs");
        requireRefused(likelihood("out", "--byte-logprobs", "--defer", "1"), "less than 1");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    private static void requireRefused(CommandRun run, String named) {
        assertThat(run.exitCode()).as(named).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains(named);
    }

    private Path input() throws IOException {
        return Files.writeString(directory.resolve("in.txt"), String.join("\n", DOCUMENTS));
    }

    private CommandRun likelihood(String out, String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of("likelihood", "--tokenizations", "canonical", "--by", "line"));
        args.addAll(List.of(
                "--in", input().toString(), "--out", directory.resolve(out).toString()));
        args.addAll(List.of("--parallelism", "1"));
        args.addAll(List.of(options));
        return CommandRun.of(args);
    }

    private List<JsonNode> rows(String out) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(out).resolve("scores.jsonl"))) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }
}
