package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** One subtask of the session operator in Flink's test harness; mails run when the test says so. */
final class SessionOperatorHarness<S> implements AutoCloseable {
    /** Where a subtask begins. */
    record Subtask(
            int index,
            int parallelism,
            @Nullable OperatorSubtaskState restored,
            @Nullable StateBackend backend) {
        static final int MAX_PARALLELISM = 8;
        static final Subtask FRESH = new Subtask(0, 1, null, null);

        static Subtask restored(OperatorSubtaskState state) {
            return new Subtask(0, 1, state, null);
        }
    }

    final KeyedOneInputStreamOperatorTestHarness<String, InputRecord, Result> flink;
    final RecordingOutput output = new RecordingOutput();
    private final TypeInformation<S> stateType;
    private final SessionLogic<S> logic;
    private long nextOffset;

    SessionOperatorHarness(
            Subtask subtask,
            TrieLmService service,
            SessionLogic<S> logic,
            TypeInformation<S> stateType,
            SessionSettings settings)
            throws Exception {
        this(subtask, service, logic, stateType, settings, ModelChange.REFUSED);
    }

    SessionOperatorHarness(
            Subtask subtask,
            TrieLmService service,
            SessionLogic<S> logic,
            TypeInformation<S> stateType,
            SessionSettings settings,
            ModelChange modelChange)
            throws Exception {
        this(0, subtask, service, logic, stateType, settings, modelChange);
    }

    private SessionOperatorHarness(
            long startMillis,
            Subtask subtask,
            TrieLmService service,
            SessionLogic<S> logic,
            TypeInformation<S> stateType,
            SessionSettings settings,
            ModelChange modelChange)
            throws Exception {
        this.stateType = stateType;
        this.logic = logic;
        ServiceSource source = () -> service;
        flink = new KeyedOneInputStreamOperatorTestHarness<>(
                new SessionOperatorFactory<>(source, ignored -> logic, stateType, settings, modelChange),
                new SessionKey(),
                Types.STRING,
                Subtask.MAX_PARALLELISM,
                subtask.parallelism(),
                subtask.index());
        flink.setOutputCreator(serializer -> output);
        flink.setCheckpointStorage(new JobManagerCheckpointStorage(Integer.MAX_VALUE));
        if (subtask.backend() != null) {
            flink.setStateBackend(subtask.backend());
        }
        flink.setup(ImmutableTypeInfo.RESULT.createSerializer(
                flink.getExecutionConfig().getSerializerConfig()));
        flink.setProcessingTime(startMillis);
        if (subtask.restored() != null) {
            flink.initializeState(subtask.restored());
        }
        flink.open();
    }

    static SessionOperatorHarness<String> appending(TrieLmService service) throws Exception {
        return appending(Subtask.FRESH, service, SessionSettings.DEFAULT);
    }

    /** The toy session of {@link AppendingLogic}. */
    static SessionOperatorHarness<String> appending(Subtask subtask, TrieLmService service, SessionSettings settings)
            throws Exception {
        return new SessionOperatorHarness<>(subtask, service, new AppendingLogic(), Types.STRING, settings);
    }

    /** The toy session, on a subtask that starts at this time. */
    static SessionOperatorHarness<String> appendingAt(
            long startMillis, Subtask subtask, TrieLmService service, SessionSettings settings) throws Exception {
        return new SessionOperatorHarness<>(
                startMillis, subtask, service, new AppendingLogic(), Types.STRING, settings, ModelChange.REFUSED);
    }

    void process(String session, String text) throws Exception {
        process(session, null, text);
    }

    void process(String session, @Nullable String op, String text) throws Exception {
        flink.processElement(new StreamRecord<>(record(session, op, text, nextOffset++)));
    }

    void processAt(long timestampMillis, String session, String text) throws Exception {
        flink.processElement(new StreamRecord<>(record(session, null, text, nextOffset++), timestampMillis));
    }

    static InputRecord record(String session, @Nullable String op, String text, long offset) {
        return new InputRecord(
                session.getBytes(UTF_8), op, text.getBytes(UTF_8), new SourcePosition("in", 0, offset, 0));
    }

    /** Answers the newest request with each of these paths, and runs what follows from it. */
    void answer(ControlledService service, String... paths) throws Exception {
        for (String path : paths) {
            service.answer(path);
            runMails();
        }
    }

    /** Moves the clock, which fires timers, and runs what follows from it. */
    void atMillis(long nowMillis) throws Exception {
        flink.setProcessingTime(nowMillis);
        runMails();
    }

    /** Runs mails until there is none left. */
    void runMails() throws Exception {
        while (flink.getTaskMailbox().hasMail()) {
            runOneMail();
        }
    }

    /** What the coordinator says to a full operator once a checkpoint has begun. */
    void beginCheckpoint(long checkpointId) {
        ((SessionOperator<?>) flink.getOperator()).checkpointBegun(checkpointId);
    }

    int waitingMails() {
        return flink.getTaskMailbox().size();
    }

    void runOneMail() throws Exception {
        flink.getTaskMailbox().take(0).run();
    }

    /** The scores so far, each as {@code session=bytes}. */
    List<String> scores() {
        return output.scores().stream()
                .map(score -> new String(score.session(), UTF_8) + "=" + score.bytesConsumed())
                .toList();
    }

    /** The reasons of the dead letters so far. */
    List<String> deadLetters() {
        return output.deadLetters().stream().map(letter -> letter.reason()).toList();
    }

    /** The keys that have something in the named state. */
    List<String> keysIn(String state) {
        KeyedStateBackend<String> backend = flink.getOperator().getKeyedStateBackend();
        try (Stream<String> keys = backend.getKeys(state, VoidNamespace.INSTANCE)) {
            return keys.sorted().toList();
        }
    }

    /** Every session's state, sorted by session. */
    List<S> states() throws Exception {
        KeyedStateStore keyedStates = flink.getOperator().getKeyedStateStore();
        SessionStore<S> sessions = new SessionStore<>(keyedStates, stateType, logic, Long.MAX_VALUE);
        List<S> states = new ArrayList<>();
        for (String key : keysIn(SessionStore.NAME)) {
            flink.getOperator().setCurrentKey(key);
            states.add(sessions.get().state());
        }
        return states;
    }

    @Override
    public void close() throws Exception {
        flink.close();
    }
}
