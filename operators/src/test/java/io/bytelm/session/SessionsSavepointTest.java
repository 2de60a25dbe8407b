package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.combine.Combination;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.Emission;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ModelsTogether;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Savepoints of newer kinds of sessions open in every later version and go on as if nothing had happened; they are never made again. */
class SessionsSavepointTest {
    private static final PieceSize PIECE = new PieceSize(16, 128 << 10);
    private static final SessionDefaults DEFAULTS =
            new SessionDefaults(8, 0, List.of(), true, 90, 90, new Emission(Emission.When.CHUNK, 2), 1 << 20, true);
    private static final int MOST_ANSWERS = 200_000;
    private static final long TIMESTAMP_MILLIS = 7;

    private @Nullable ScheduledService service;

    private SessionOperatorHarness<SessionState> start(
            SessionsSavepoint savepoint, @Nullable OperatorSubtaskState state, StateBackend backend) throws Exception {
        List<TrieLmService> models = new ArrayList<>();
        for (Vocabulary vocabulary : savepoint.models()) {
            models.add(new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size())));
        }
        Combination combination = savepoint.combination();
        TrieLmService together = combination == null ? models.get(0) : new ModelsTogether(models);
        AllSessionsLogic logic = combination == null
                ? new AllSessionsLogic(DEFAULTS, together, PIECE, Runnable::run)
                : AllSessions.combined(DEFAULTS, combination, together, PIECE, Runnable::run, () -> {});
        service = new ScheduledService(together, new Random(0), 0);
        return new SessionOperatorHarness<>(
                new Subtask(0, 1, state, backend),
                service,
                logic,
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private static void feed(SessionOperatorHarness<SessionState> operator, List<InputRecord> records)
            throws Exception {
        for (InputRecord record : records) {
            operator.flink.processElement(new StreamRecord<>(record, TIMESTAMP_MILLIS));
        }
    }

    private boolean answerOldest(SessionOperatorHarness<SessionState> operator) throws Exception {
        if (service == null || !service.hasWaiting()) {
            return false;
        }
        service.answerOldest();
        operator.runMails();
        return true;
    }

    private void settle(SessionOperatorHarness<SessionState> operator) throws Exception {
        operator.runMails();
        boolean goesOn = true;
        for (int answers = 0; goesOn; answers++) {
            assertThat(answers).isLessThan(MOST_ANSWERS);
            goesOn = answerOldest(operator);
        }
    }

    private void feedUpToTheMiddle(SessionsSavepoint savepoint, SessionOperatorHarness<SessionState> operator)
            throws Exception {
        feed(operator, savepoint.before());
        settle(operator);
        feed(operator, savepoint.inTheMiddle());
        operator.runMails();
        boolean goesOn = true;
        while (goesOn && !savepoint.isInTheMiddle(operator.states())) {
            goesOn = answerOldest(operator);
        }
        assertThat(savepoint.isInTheMiddle(operator.states())).isTrue();
    }

    static Stream<SessionsSavepoint> savepoints() {
        return Stream.of(SessionsSavepoint.observed(), SessionsSavepoint.combined());
    }

    @ParameterizedTest
    @MethodSource("savepoints")
    void aStoredSavepointOpensAndGoesOn(SessionsSavepoint savepoint) throws Exception {
        Map<String, List<String>> expected;
        try (var operator = start(savepoint, null, new HashMapStateBackend())) {
            feed(operator, savepoint.before());
            feed(operator, savepoint.inTheMiddle());
            feed(operator, savepoint.after());
            settle(operator);
            expected = OutputLines.bySession(operator.output.events);
        }
        for (StateBackend backend : List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
            OperatorSubtaskState stored = OperatorSnapshotUtil.readStateHandle(savepoint.path());
            try (var operator = start(savepoint, stored, backend)) {
                assertThat(savepoint.isInTheMiddle(operator.states())).isTrue();
                feed(operator, savepoint.after());
                settle(operator);
                Map<String, List<String>> found = OutputLines.bySession(operator.output.events);
                assertThat(found.keySet()).isEqualTo(expected.keySet());
                found.forEach((session, lines) -> {
                    List<String> all = expected.getOrDefault(session, List.of());
                    assertThat(lines).as(session).isEqualTo(all.subList(all.size() - lines.size(), all.size()));
                });
                assertThat(found.values().stream().mapToInt(List::size).sum()).isGreaterThan(6);
            }
        }
    }

    /** For a new format: {@code -Dsavepoint.write=DIRECTORY}. */
    @ParameterizedTest
    @MethodSource("savepoints")
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void writesASavepoint(SessionsSavepoint savepoint) throws Exception {
        try (var operator = start(savepoint, null, new EmbeddedRocksDBStateBackend())) {
            feedUpToTheMiddle(savepoint, operator);
            var written =
                    operator.flink.snapshotWithLocalState(1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL));
            Path file = Path.of(System.getProperty("savepoint.write"), savepoint.name());
            OperatorSnapshotUtil.writeStateHandle(written.getJobManagerOwnedState(), file.toString());
        }
    }
}
