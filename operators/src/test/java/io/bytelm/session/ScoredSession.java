package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.SessionStateSerializer;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * One session, run to the end of each record on the calling thread. Between the pieces of a record its state is written and read
 * back, and what a piece says takes no more than was counted for it.
 */
final class ScoredSession {
    private static final SessionStateSerializer SERIALIZER = new SessionStateSerializer();

    private final ScoringLogic logic;
    private final BruteForceTrieLmService service;
    private @Nullable SessionState state;
    private long offset;

    ScoredSession(Vocabulary vocabulary, SessionDefaults defaults) {
        this(vocabulary, defaults, new PortableModel(vocabulary.size()));
    }

    ScoredSession(Vocabulary vocabulary, SessionDefaults defaults, LanguageModel model) {
        logic = new ScoringLogic(defaults, vocabulary, model.contextTokens());
        service = new BruteForceTrieLmService(vocabulary, model);
    }

    ScoredSession(ScoringLogic logic, BruteForceTrieLmService service) {
        this.logic = logic;
        this.service = service;
    }

    /** The same session, gone on with by another logic. */
    ScoredSession resumedBy(ScoringLogic other, BruteForceTrieLmService otherService) {
        ScoredSession resumed = new ScoredSession(other, otherService);
        resumed.state = state;
        resumed.offset = offset;
        return resumed;
    }

    /** The same session in another state. */
    ScoredSession inState(SessionState other) {
        ScoredSession session = new ScoredSession(logic, service);
        session.state = other;
        return session;
    }

    private static long heldBytes(List<OutputRecord> outputs) {
        return outputs.stream().mapToLong(HeldOutputs::bytesOf).sum();
    }

    @Nullable
    SessionState state() {
        return state;
    }

    List<OutputRecord> send(@Nullable String op, byte @Nullable [] value) {
        return send(new byte[] {'s'}, op, value);
    }

    List<OutputRecord> send(byte @Nullable [] key, @Nullable String op, byte @Nullable [] value) {
        InputRecord record = new InputRecord(key, op, value, new SourcePosition("in", 0, offset++, 0));
        List<OutputRecord> outputs = new ArrayList<>();
        boolean goesOn = true;
        while (goesOn) {
            long most = logic.mostOutputBytes(state, record);
            Transition<SessionState> transition = logic.onRecord(state, record).run(service::expandAll);
            if (!"open".equals(op)) { // which AllSessionsLogic counts
                assertThat(heldBytes(transition.outputs()))
                        .as("counted before %s was made", transition.outputs())
                        .isLessThanOrEqualTo(most);
            }
            state = transition.state();
            outputs.addAll(transition.outputs());
            goesOn = transition.goesOn();
            if (goesOn) {
                state = stored(state);
            }
        }
        return outputs;
    }

    /** @return the scores; it fails if there is a dead letter */
    List<Score> scores(@Nullable String op, byte[] value) {
        return send(op, value).stream().map(Score.class::cast).toList();
    }

    List<Score> bytes(byte[] chunk) {
        return scores(null, chunk);
    }

    List<Score> bytes(String chunk) {
        return bytes(chunk.getBytes(UTF_8));
    }

    List<OutputRecord> open(String json) {
        return send("open", json.getBytes(UTF_8));
    }

    Score end() {
        return scores("end", new byte[0]).get(0);
    }

    /** The word for machines; it fails if the record was processed. */
    String refusal(@Nullable String op, byte @Nullable [] value) {
        return ((DeadLetter) send(op, value).get(0)).reason();
    }

    /** Writes the state and reads it back, as a checkpoint does. */
    void storeAndRestore() {
        state = stored(state);
    }

    private static @Nullable SessionState stored(@Nullable SessionState state) {
        if (state == null) {
            return null;
        }
        try {
            DataOutputSerializer out = new DataOutputSerializer(64);
            SERIALIZER.serialize(state, out);
            return SERIALIZER.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
