package io.bytelm.job.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.wire.ScoreJson;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.ScoringLogic;
import io.bytelm.session.Transition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the scores of a session must be: computed record by record in one thread, without Flink or Kafka. */
final class PlainRun implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SourcePosition ANYWHERE = new SourcePosition("in", 0, 0, 0);

    private final TrieLmService service;
    private final ScoringLogic logic;

    PlainRun(ServiceSource source, SessionDefaults defaults) {
        this.service = source.open();
        this.logic = new ScoringLogic(defaults, service.vocabulary(), service.contextTokens());
    }

    /** Its scores in order, as JSON. */
    List<JsonNode> scores(ChaosSession session) throws IOException {
        List<JsonNode> scores = new ArrayList<>();
        SessionState state = null;
        for (ChaosSession.Word word : session.words()) {
            InputRecord record = new InputRecord(session.name().getBytes(UTF_8), word.op(), word.value(), ANYWHERE);
            boolean goesOn = true;
            while (goesOn) {
                Transition<SessionState> transition =
                        logic.onRecord(state, record).run(new ServiceAnswers(service));
                state = transition.state();
                for (OutputRecord output : transition.outputs()) {
                    scores.add(JSON.readTree(ScoreJson.write((Score) output)));
                }
                goesOn = transition.goesOn();
            }
        }
        return scores;
    }

    @Override
    public void close() {
        service.close();
    }
}
