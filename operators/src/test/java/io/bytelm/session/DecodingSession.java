package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.SessionStateSerializer;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/** One session, run to the end of each record on the calling thread; its state is stored after every piece. */
final class DecodingSession {
    private static final SessionStateSerializer SERIALIZER = new SessionStateSerializer();

    private final String name;
    private final AllSessionsLogic logic;
    private final Function<List<ExpandRequest>, List<Expansion>> answers;
    private @Nullable SessionState state;
    private long offset;
    private int pieces;
    private int mostPieces = Integer.MAX_VALUE;

    DecodingSession(String name) throws IOException {
        this(name, PieceSize.STANDARD);
    }

    DecodingSession(String name, PieceSize piece) throws IOException {
        this(name, piece, model -> model);
    }

    /** @param changed makes another model of the one that is usual here */
    DecodingSession(String name, PieceSize piece, UnaryOperator<LanguageModel> changed) throws IOException {
        this.name = name;
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        LanguageModel model = changed.apply(new PortableModel(english.size()));
        BruteForceTrieLmService service = new BruteForceTrieLmService(english, model);
        answers = service::expandAll;
        logic = new AllSessionsLogic(SessionDefaults.STANDARD, english, model.contextTokens(), piece, Runnable::run);
    }

    /** Of any logic. */
    DecodingSession(String name, AllSessionsLogic logic, Function<List<ExpandRequest>, List<Expansion>> answers) {
        this.name = name;
        this.logic = logic;
        this.answers = answers;
    }

    @Nullable
    SessionState state() {
        return state;
    }

    void setState(SessionState other) {
        state = other;
    }

    /** From then on a record is left in its middle, as one that became a dead letter. */
    void stopAfterPieces(int most) {
        mostPieces = most;
    }

    /** How often a part of a record was committed. */
    int pieces() {
        return pieces;
    }

    List<OutputRecord> open(String json) {
        return send("open", json.replace('\'', '"'));
    }

    List<OutputRecord> send(@Nullable String op, String value) {
        return send(new InputRecord(
                name.getBytes(UTF_8), op, value.getBytes(UTF_8), new SourcePosition("in", 0, offset++, 0)));
    }

    private List<OutputRecord> send(InputRecord record) {
        List<OutputRecord> outputs = new ArrayList<>();
        boolean goesOn = true;
        while (goesOn) {
            Transition<SessionState> transition = logic.onRecord(state, record).run(answers);
            outputs.addAll(transition.outputs());
            state = stored(transition.state());
            pieces++;
            goesOn = transition.goesOn() && pieces < mostPieces;
        }
        return outputs;
    }

    Next next(@Nullable String op, String value) {
        return (Next) send(op, value.replace('\'', '"')).get(0);
    }

    Finished finished(String json) {
        List<OutputRecord> outputs = open(json);
        return (Finished) outputs.get(outputs.size() - 1);
    }

    String text(String json) {
        return new String(finished(json).output().bytes(), UTF_8);
    }

    DeadLetter refused(@Nullable String op, String value) {
        return (DeadLetter) send(op, value.replace('\'', '"')).get(0);
    }

    private static byte[] written(SessionState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        SERIALIZER.serialize(state, out);
        return out.getCopyOfBuffer();
    }

    private static @Nullable SessionState stored(@Nullable SessionState state) {
        if (state == null) {
            return null;
        }
        try {
            byte[] written = written(state);
            SessionState read = SERIALIZER.deserialize(new DataInputDeserializer(written));
            if (!Arrays.equals(written(read), written)) {
                throw new AssertionError("stored " + state + " but read " + read);
            }
            return read;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
