package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The value of a document is what genlm-bytes computed from the same weights, and what {@code next} says of its bytes. */
class LikelihoodReferenceIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NATS_PER_BYTE = 1e-3;

    @TempDir
    private Path directory;

    static Stream<JsonNode> documents() throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(
                        LikelihoodReferenceIT.class.getResourceAsStream("/tiny-en-reference/documents.jsonl"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                documents.add(JSON.readTree(line));
            }
        }
        return documents.stream();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void equalsTheReferenceAndNext(JsonNode reference) throws IOException {
        String hex = reference.path("text").asText();
        byte[] text = HexFormat.of().parseHex(hex);
        List<String> beam = List.of(
                "--k",
                reference.path("K").asText(),
                "--prune",
                reference.path("prune_threshold").asText());
        List<String> scoring = new ArrayList<>(List.of("likelihood", "--byte-logprobs", "--parallelism", "1"));
        scoring.addAll(
                List.of("--in", Files.write(directory.resolve("document"), text).toString()));
        scoring.addAll(List.of("--out", directory.resolve("out").toString()));
        scoring.addAll(beam);
        List<String> asking = new ArrayList<>(List.of("next", "--full", "--prefix-hex", hex));
        asking.addAll(beam);

        CommandRun likelihood = CommandRun.of(scoring);
        CommandRun next = CommandRun.of(asking);

        assertThat(likelihood.exitCode()).as(likelihood.err()).isZero();
        assertThat(next.exitCode()).as(next.err()).isZero();
        JsonNode row = JSON.readTree(Files.readString(directory.resolve("out/scores.jsonl")));
        assertThat(row.path("log_likelihood").doubleValue())
                .isCloseTo(JSON.readTree(next.out()).path("log_z").doubleValue(), within(NATS_PER_BYTE * text.length));
        requireEachByte(row.path("byte_logprobs"), reference.path("log_z_after_each_byte"));
    }

    private static void requireEachByte(JsonNode logProbs, JsonNode logZ) {
        assertThat(logProbs).hasSameSizeAs(logZ);
        double sum = 0;
        for (int i = 0; i < logZ.size(); i++) {
            sum += logProbs.get(i).doubleValue();
            assertThat(sum).as("byte %d", i).isCloseTo(logZ.get(i).doubleValue(), within(NATS_PER_BYTE * (i + 1)));
        }
    }
}
