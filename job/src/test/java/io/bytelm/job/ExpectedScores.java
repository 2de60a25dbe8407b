package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.job.kafka.TopicRecord;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.wire.ScoreJson;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.ScoringLogic;
import io.bytelm.session.Transition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a job must write, computed record by record in this thread: no Flink, no Kafka, nothing concurrent. */
final class ExpectedScores {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SourcePosition ANYWHERE = new SourcePosition("in", 0, 0, 0);
    private static final double TOLERANCE_NATS = 1e-3;

    private ExpectedScores() {}

    /** A score as JSON. */
    record Line(String session, JsonNode score) {}

    static List<Line> of(SpokenSessions spoken, ScoringSettings settings) throws IOException {
        List<Line> lines = new ArrayList<>();
        Map<String, SessionState> states = new HashMap<>();
        try (TrieLmService service = settings.model().open()) {
            ScoringLogic logic = new ScoringLogic(settings.defaults(), service.vocabulary(), service.contextTokens());
            for (SpokenSessions.Word word : spoken.words()) {
                InputRecord record = new InputRecord(word.session().getBytes(UTF_8), word.op(), word.value(), ANYWHERE);
                boolean goesOn = true;
                while (goesOn) {
                    Transition<SessionState> transition =
                            logic.onRecord(states.get(word.session()), record).run(new ServiceAnswers(service));
                    states.put(word.session(), transition.state());
                    for (OutputRecord output : transition.outputs()) {
                        lines.add(new Line(word.session(), JSON.readTree(ScoreJson.write((Score) output))));
                    }
                    goesOn = transition.goesOn();
                }
            }
        }
        return lines;
    }

    /** Each session's scores, each once and in order; sessions may be mixed in any way. */
    static void assertSame(List<TopicRecord> written, List<Line> expected) throws IOException {
        Map<String, List<JsonNode>> actual = new HashMap<>();
        for (TopicRecord record : written) {
            String session = new String(record.key(), UTF_8);
            actual.computeIfAbsent(session, s -> new ArrayList<>()).add(JSON.readTree(record.value()));
        }
        Map<String, List<JsonNode>> wanted = new HashMap<>();
        expected.forEach(line ->
                wanted.computeIfAbsent(line.session(), s -> new ArrayList<>()).add(line.score()));
        assertThat(actual.keySet()).isEqualTo(wanted.keySet());
        wanted.forEach((session, scores) -> {
            List<JsonNode> got = actual.getOrDefault(session, List.of());
            assertThat(got).as(session).hasSameSizeAs(scores);
            for (int i = 0; i < scores.size(); i++) {
                assertSame(session, got.get(i), scores.get(i));
            }
        });
    }

    private static void assertSame(String session, JsonNode actual, JsonNode expected) {
        for (String exact : List.of("session", "event", "bytes", "chunk_bytes")) {
            assertThat(actual.get(exact)).as("%s: %s", session, exact).isEqualTo(expected.get(exact));
        }
        for (String close : List.of("chunk_log_likelihood", "log_likelihood", "bits_per_byte")) {
            assertThat(actual.get(close).asDouble())
                    .as("%s: %s", session, close)
                    .isCloseTo(expected.get(close).asDouble(), within(TOLERANCE_NATS));
        }
        assertThat(actual.path("next")).hasSameSizeAs(expected.path("next"));
    }
}
