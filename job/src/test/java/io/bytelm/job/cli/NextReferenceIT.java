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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code next --full} prints on the bundled model is what genlm-bytes computed from the same weights. */
class NextReferenceIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double LOG_PROB_TOLERANCE = 1e-3;
    private static final double LOG_Z_TOLERANCE = 2e-3;
    private static final double SMALLEST_COMPARED = -40;

    static Stream<JsonNode> references() throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(
                        NextReferenceIT.class.getResourceAsStream("/tiny-en-reference/next.jsonl"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                cases.add(JSON.readTree(line));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("references")
    void equalsTheReference(JsonNode reference) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "next",
                "--full",
                "--prefix-hex",
                reference.get("prefix").asText(),
                "--k",
                reference.get("K").asText(),
                "--prune",
                reference.get("prune_threshold").asText()));
        reference.get("eos_tokens").forEach(eos -> args.addAll(List.of("--eos", eos.asText())));

        CommandRun run = CommandRun.of(args);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        JsonNode printed = JSON.readTree(run.out());
        assertThat(printed.get("log_z").asDouble())
                .isCloseTo(reference.get("log_z").asDouble(), within(LOG_Z_TOLERANCE));
        sameLogProbs(printed.get("log_probs"), reference.get("log_probs"));
        sameCandidates(printed.get("candidates"), reference.get("candidates"));
    }

    private static void sameLogProbs(JsonNode printed, JsonNode reference) {
        assertThat(printed).hasSize(258);
        for (int symbol = 0; symbol < 258; symbol++) {
            JsonNode expected = reference.isNull() ? reference : reference.get(symbol);
            if (expected.isNull()) {
                assertThat(printed.get(symbol).isNull()).as("symbol %d", symbol).isTrue();
            } else if (expected.asDouble() > SMALLEST_COMPARED) {
                assertThat(printed.get(symbol).asDouble())
                        .as("symbol %d", symbol)
                        .isCloseTo(expected.asDouble(), within(LOG_PROB_TOLERANCE));
            }
        }
    }

    private static void sameCandidates(JsonNode printed, JsonNode reference) {
        assertThat(printed).hasSameSizeAs(reference);
        for (int i = 0; i < reference.size(); i++) {
            JsonNode expected = reference.get(i);
            assertThat(printed.get(i).get("tokens")).as("candidate %d", i).isEqualTo(expected.get("tokens"));
            assertThat(printed.get(i).get("partial")).isEqualTo(expected.get("partial"));
            assertThat(printed.get(i).get("weight").asDouble())
                    .isCloseTo(expected.get("weight").asDouble(), within(LOG_Z_TOLERANCE));
        }
    }
}
