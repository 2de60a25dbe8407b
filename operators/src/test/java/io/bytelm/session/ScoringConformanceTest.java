package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.dist.Symbols;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.vocab.RecordedVocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The recorded cases of the reference as sessions: opened by JSON, fed by one chunk, scored byte by byte. */
class ScoringConformanceTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/conformance");
    private static final double TOLERANCE_NATS = 1e-3;
    private static final double LOWEST_COMPARED_NATS = -60;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    @TestFactory
    Stream<DynamicTest> aSessionScoresWhatTheReferenceScores() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : Files.readAllLines(DIRECTORY.resolve("beam.jsonl"))) {
            JsonNode recorded = JSON.readTree(line);
            // The real vocabulary is too large for the brute-force service; the beam's own tests cover it.
            if (!recorded.get("vocab").asText().equals("gpt2")) {
                tests.add(DynamicTest.dynamicTest(recorded.get("name").asText(), () -> check(recorded)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(20);
        return tests.stream();
    }

    private static void check(JsonNode recorded) throws IOException {
        Path vocabulary = DIRECTORY.resolve("vocab-" + recorded.get("vocab").asText() + ".json");
        ScoredSession session = new ScoredSession(RecordedVocabulary.read(vocabulary), SessionDefaults.STANDARD);
        assertThat(session.open(openOf(recorded))).isEmpty();
        List<Score> scores = session.bytes(bytesOf(recorded.get("steps")));
        double baseline = recorded.get("steps").get(0).get("logZ").asDouble();
        for (int i = 0; i < scores.size(); i++) {
            JsonNode logZ = recorded.get("steps").get(i + 1).get("logZ");
            Score score = scores.get(i);
            assertThat(score.event()).as("byte " + i).isEqualTo(logZ.isNull() ? Event.DEAD_END : Event.BYTE);
            if (!logZ.isNull() && logZ.asDouble() > LOWEST_COMPARED_NATS) {
                assertThat(score.totalLogLikelihood())
                        .as("byte " + i)
                        .isCloseTo(logZ.asDouble() - baseline, within(TOLERANCE_NATS));
            }
        }
        assertThat(scores).isNotEmpty();
    }

    /** The recorded parameters in the words of an open. */
    private static String openOf(JsonNode recorded) throws IOException {
        JsonNode params = recorded.get("params");
        ObjectNode open = JSON.createObjectNode();
        open.set("k", params.get("K"));
        open.set("eos_tokens_hex", params.get("eos_tokens"));
        for (String same : List.of("prune_threshold", "heal", "heal_max_backoff", "heal_max_splits")) {
            open.set(same, params.get(same));
        }
        if (!recorded.get("prefill").isNull()) {
            open.set("prompt_hex", recorded.get("prefill"));
        }
        return JSON.writeValueAsString(open.put("emit", "byte").put("top", 3));
    }

    /** The bytes until the first EOS, which a session cannot be sent. */
    private static byte[] bytesOf(JsonNode steps) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 1; i < steps.size() && steps.get(i).get("byte").asInt() < Symbols.EOT; i++) {
            bytes.write(steps.get(i).get("byte").asInt());
        }
        return bytes.toByteArray();
    }
}
