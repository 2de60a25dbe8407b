package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.job.EngineSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.likelihood.ByteModel;
import io.bytelm.job.likelihood.document.CorpusFiles;
import io.bytelm.lm.djl.Precision;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TrieLmService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in this process, on a few documents. */
class LikelihoodIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NATS = 1e-3;

    @TempDir
    private Path directory;

    @Test
    void everyFormatHasTheRowsThatTheBeamHas() throws IOException {
        List<String> documents = CorpusFiles.documents(6, 3);
        CorpusFiles.writeAll(directory.resolve("in"), documents);
        Path out = directory.resolve("out");

        CommandRun run = likelihood(out, "--in", directory.resolve("in").toString(), "--by", "line", "--byte-logprobs");

        assertThat(run.exitCode()).as(run.err()).isZero();
        List<JsonNode> rows = rows(out, "scores.jsonl");
        assertThat(rows).hasSize(7 * documents.size());
        try (TrieLmService service = bundled().open()) {
            for (int i = 0; i < rows.size(); i++) {
                requireRowOf(documents.get(i % documents.size()), rows.get(i), service);
            }
        }
        assertThat(rows.get(0).path("id").asText()).isEqualTo("document-0"); // corpus.jsonl comes first
        assertThat(rows.get(rows.size() - 1).path("id").asText()).endsWith("corpus.txt.zst:6");
        JsonNode summary = JSON.readTree(out.resolve("summary.json").toFile());
        double total = rows.stream().mapToDouble(LikelihoodIT::logLikelihood).sum();
        assertThat(summary.at("/models/0/documents").intValue()).isEqualTo(rows.size());
        assertThat(summary.at("/models/0/log_likelihood").doubleValue()).isCloseTo(total, within(1e-9));
        assertThat(out.resolve("histogram.svg")).content().contains("<svg");
        assertThat(out.resolve("rejects.jsonl")).isEmptyFile();
        assertThat(out.resolve(".state")).doesNotExist();
    }

    private static void requireRowOf(String document, JsonNode row, TrieLmService service) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        Beam beam = Beam.initial(service.vocabulary(), BeamParams.of(5, 0.001))
                .then(start -> start.read(bytes))
                .run(new ServiceAnswers(service));
        assertThat(row.path("bytes").intValue()).isEqualTo(bytes.length);
        assertThat(logLikelihood(row)).as(document).isCloseTo(beam.logZ(), within(NATS));
        assertThat(row.path("bits_per_byte").doubleValue())
                .isCloseTo(-beam.logZ() / bytes.length / Math.log(2), within(NATS));
        assertThat(row.path("byte_logprobs")).hasSize(bytes.length);
        double sum = StreamSupport.stream(row.path("byte_logprobs").spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .sum();
        assertThat(sum).isCloseTo(logLikelihood(row), within(1e-6));
    }

    @Test
    void windowsCountEachByteAfterItsOwnContext() throws IOException {
        String text = "It was a dark and stormy night, and the rain fell in torrents";
        Path in = Files.writeString(directory.resolve("a.txt"), text);
        Path out = directory.resolve("out");

        CommandRun run = likelihood(out, "--in", in.toString(), "--window-bytes", "30", "--stride-bytes", "20");

        assertThat(run.exitCode()).as(run.err()).isZero();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (TrieLmService service = bundled().open()) {
            double expected = logZ(service, bytes, 0, 30)
                    + logZ(service, bytes, 20, 50)
                    - logZ(service, bytes, 20, 30)
                    + logZ(service, bytes, 40, 61)
                    - logZ(service, bytes, 40, 50);
            JsonNode row = rows(out, "scores.jsonl").get(0);
            assertThat(logLikelihood(row)).isCloseTo(expected, within(2 * NATS));
            assertThat(row.path("windows").intValue()).isEqualTo(3);
        }
    }

    private static double logZ(TrieLmService service, byte[] bytes, int from, int to) {
        return Beam.initial(service.vocabulary(), BeamParams.of(5, 0.001))
                .then(start -> start.read(java.util.Arrays.copyOfRange(bytes, from, to)))
                .run(new ServiceAnswers(service))
                .logZ();
    }

    @Test
    void whatCannotBeScoredIsARejectAndTheRunGoesOn() throws IOException {
        Path in = Files.createDirectories(directory.resolve("in"));
        Files.writeString(in.resolve("a.jsonl"), "{\"id\":\"good\",\"text\":\"a\"}\n{\"id\":\"bad\"}\n");
        Files.write(in.resolve("b.txt"), new byte[] {'o', 'k', (byte) 0xFF, 0});
        Files.writeString(in.resolve("c.txt.gz"), "no gzip");
        Files.createFile(in.resolve("d.txt"));
        Files.writeString(in.resolve("e.txt"), "much too long");
        Path out = directory.resolve("out");

        CommandRun run = likelihood(out, "--in", in.toString(), "--max-document-bytes", "12");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("1 missing_text").contains("1 too_long").contains("1 unreadable");
        List<JsonNode> rows = rows(out, "scores.jsonl");
        assertThat(rows).extracting(row -> row.path("bytes").intValue()).containsExactly(1, 4, 0);
        assertThat(rows.get(2).path("bits_per_byte").isNull()).isTrue();
        assertThat(rows(out, "rejects.jsonl"))
                .extracting(row -> row.path("reason").asText())
                .containsExactly("missing_text", "unreadable", "too_long");
    }

    @Test
    void twoModelsAreComparedOnTheSameBytes() throws IOException {
        List<String> documents = new ArrayList<>(CorpusFiles.documents(4, 5));
        documents.add("the old house ".repeat(12)); // beyond the context of the second one: a token a byte
        Path in = Files.write(directory.resolve("a.txt"), documents);
        Path other = ByteModel.write(directory.resolve("byte-model"));
        Path out = directory.resolve("out");

        CommandRun run = likelihood(out, "--in", in.toString(), "--by", "line", "--compare", other.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("tiny-en").contains("byte-model").contains("on the same bytes");
        assertThat(run.out())
                .contains("truncated: byte-model read 40 bytes of 1 document after a shortened context")
                .doesNotContain("truncated: tiny-en");
        JsonNode summary = JSON.readTree(out.resolve("summary.json").toFile());
        assertThat(summary.at("/models/0/truncated_bytes").intValue()).isZero();
        assertThat(summary.at("/models/1/truncated_bytes").intValue()).isEqualTo(40);
        assertThat(summary.at("/models/1/truncated_documents").intValue()).isEqualTo(1);
        List<JsonNode> rows = rows(out, "scores.jsonl");
        assertThat(rows).hasSize(documents.size());
        try (TrieLmService bundled = bundled().open();
                TrieLmService byteModel = model(other.toString()).open()) {
            for (int i = 0; i < rows.size(); i++) {
                byte[] bytes = documents.get(i).getBytes(StandardCharsets.UTF_8);
                double first = logZ(bundled, bytes, 0, bytes.length);
                double second = logZ(byteModel, bytes, 0, bytes.length);
                JsonNode row = rows.get(i);
                assertThat(logLikelihood(row)).isCloseTo(first, within(NATS));
                assertThat(row.path("truncated_bytes").intValue()).isZero();
                assertThat(row.at("/compared/truncated_bytes").intValue())
                        .isEqualTo(Math.max(0, bytes.length - ByteModel.POSITIONS));
                assertThat(row.at("/compared/log_likelihood").doubleValue()).isCloseTo(second, within(NATS));
                assertThat(row.path("log_likelihood_difference").doubleValue())
                        .isCloseTo(first - second, within(2 * NATS))
                        .isGreaterThan(1);
                assertThat(row.path("bits_per_byte_difference").doubleValue())
                        .isCloseTo((second - first) / bytes.length / Math.log(2), within(2 * NATS));
            }
        }
    }

    @Test
    void aDirectoryOfOtherResultsIsNotTouched() throws IOException {
        Path in = Files.writeString(directory.resolve("a.txt"), "a few words");
        Path out = directory.resolve("out");
        assertThat(likelihood(out, "--in", in.toString()).exitCode()).isZero();
        String before = Files.readString(out.resolve("scores.jsonl"));

        CommandRun again = likelihood(out, "--in", in.toString());
        CommandRun changed = likelihood(out, "--in", in.toString(), "--k", "3", "--window-bytes", "8");
        Files.writeString(in, "a few more words");
        CommandRun changedInput = likelihood(out, "--in", in.toString());

        assertThat(again.exitCode()).isZero();
        assertThat(changed.exitCode()).isEqualTo(1);
        assertThat(changed.err())
                .hasLineCount(1)
                .contains("another --k (then 5, now 3)")
                .contains("another --window-bytes (then 0, now 8)");
        assertThat(changedInput.err()).hasLineCount(1).contains("another --in (then 1 file, 11 bytes");
        assertThat(out.resolve("scores.jsonl")).hasContent(before);
    }

    private static CommandRun likelihood(Path out, String... options) {
        List<String> args = new ArrayList<>(List.of("likelihood", "--out", out.toString(), "--parallelism", "2"));
        args.addAll(List.of(options));
        return CommandRun.of(args);
    }

    private static ModelSettings bundled() {
        return model(null);
    }

    private static ModelSettings model(@Nullable String directory) {
        return new ModelSettings(
                directory,
                new EngineSettings("cpu", 0, 0, 0, 512L << 20, Precision.FLOAT32),
                ServiceSettings.defaults());
    }

    private static double logLikelihood(JsonNode row) {
        return row.path("log_likelihood").doubleValue();
    }

    private static List<JsonNode> rows(Path out, String name) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve(name))) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }
}
