package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bytelm.beam.ServiceAnswers;
import io.bytelm.combine.Combination;
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
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ModelsTogether;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/** One session of several models, run to the end of each record on the calling thread; each record finds it stored. */
final class CombinedSession {
    private static final SessionStateSerializer SERIALIZER = new SessionStateSerializer();

    private final AllSessionsLogic logic;
    private final ServiceAnswers answers;
    private @Nullable SessionState state;
    private long offset;

    private CombinedSession(AllSessionsLogic logic, ServiceAnswers answers) {
        this.logic = logic;
        this.answers = answers;
    }

    static CombinedSession of(
            SessionDefaults defaults, Combination combination, PieceSize piece, List<Vocabulary> vocabularies) {
        List<LanguageModel> models = new ArrayList<>();
        vocabularies.forEach(vocabulary -> models.add(new PortableModel(vocabulary.size())));
        return of(defaults, combination, piece, vocabularies, models);
    }

    static CombinedSession of(
            SessionDefaults defaults,
            Combination combination,
            PieceSize piece,
            List<Vocabulary> vocabularies,
            List<? extends LanguageModel> models) {
        List<TrieLmService> services = new ArrayList<>();
        for (int i = 0; i < vocabularies.size(); i++) {
            LanguageModel model = models.get(i);
            services.add(
                    new BoundedService(new BruteForceTrieLmService(vocabularies.get(i), model), model.contextTokens()));
        }
        ModelsTogether together = new ModelsTogether(services);
        AllSessionsLogic logic = AllSessions.combined(defaults, combination, together, piece, Runnable::run, () -> {});
        return new CombinedSession(logic, new ServiceAnswers(together));
    }

    private record BoundedService(TrieLmService service, long contextTokens) implements TrieLmService {
        @Override
        public Vocabulary vocabulary() {
            return service.vocabulary();
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return service.expand(request);
        }

        @Override
        public void close() {}
    }

    /** The same stored session, gone on with by another job. */
    CombinedSession resumedBy(CombinedSession other) {
        other.state = state;
        other.offset = offset;
        return other;
    }

    @Nullable
    SessionState state() {
        return state;
    }

    List<OutputRecord> send(@Nullable String op, String value) {
        InputRecord record = new InputRecord(
                new byte[] {'s'}, op, value.getBytes(ISO_8859_1), new SourcePosition("in", 0, offset++, 0));
        List<OutputRecord> outputs = new ArrayList<>();
        boolean goesOn = true;
        while (goesOn) {
            storeAndRestore();
            Transition<SessionState> transition = logic.onRecord(state, record).run(answers);
            state = transition.state();
            outputs.addAll(transition.outputs());
            goesOn = transition.goesOn();
        }
        return outputs;
    }

    Score score(@Nullable String op, String value) {
        List<OutputRecord> outputs = send(op, value);
        return (Score) outputs.get(outputs.size() - 1);
    }

    DeadLetter refusal(@Nullable String op, String value) {
        return (DeadLetter) send(op, value).get(0);
    }

    private void storeAndRestore() {
        if (state == null) {
            return;
        }
        try {
            DataOutputSerializer out = new DataOutputSerializer(64);
            SERIALIZER.serialize(state, out);
            state = SERIALIZER.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
