package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TokenizerRules;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions over canonical tokenizations in the operator, restored in the middle of a record and of a prompt. */
class CanonicalOperatorTest {
    private static final PieceSize PIECE = new PieceSize(16, 1 << 20);
    private static final int MOST_ANSWERS = 2000;

    private static EmbeddedTrieLmService oracle;

    private final ScheduledService[] services = new ScheduledService[1];

    @BeforeAll
    static void openService() {
        Vocabulary vocabulary = VocabularyReader.fromModelDirectory(BundledModel.directory());
        oracle = EmbeddedTrieLmService.open(
                vocabulary,
                order -> new ReorderedModel(new PortableModel(vocabulary.size()), order),
                new CompletableFuture<>(),
                TokenizerRules.of(CanonicalRulesReader.fromModelDirectory(BundledModel.directory(), vocabulary)),
                ServiceSettings.defaults().withoutSpeculation());
    }

    @AfterAll
    static void closeService() {
        oracle.close();
    }

    private SessionOperatorHarness<SessionState> start(@Nullable OperatorSubtaskState state, StateBackend backend)
            throws Exception {
        services[0] = new ScheduledService(oracle, new Random(0), 0);
        return new SessionOperatorHarness<>(
                new Subtask(0, 1, state, backend),
                services[0],
                new AllSessionsLogic(SessionDefaults.STANDARD, oracle, PIECE, Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private static void feed(SessionOperatorHarness<SessionState> operator, List<InputRecord> records)
            throws Exception {
        for (InputRecord record : records) {
            operator.flink.processElement(new StreamRecord<>(record, 7));
        }
    }

    private void settle(SessionOperatorHarness<SessionState> operator) throws Exception {
        operator.runMails();
        for (int answers = 0; services[0].hasWaiting() && answers < MOST_ANSWERS; answers++) {
            services[0].answerOldest();
            operator.runMails();
        }
        assertThat(services[0].hasWaiting()).isFalse();
    }

    /** Until one session stands in the middle of a record, and one in the middle of its prompt. */
    private void feedUpToTheMiddle(CanonicalSavepoint savepoint, SessionOperatorHarness<SessionState> operator)
            throws Exception {
        feed(operator, savepoint.before());
        settle(operator);
        feed(operator, savepoint.inTheMiddle());
        operator.runMails();
        for (int answers = 0; !savepoint.isInTheMiddle(operator.states()) && answers < MOST_ANSWERS; answers++) {
            services[0].answerOldest();
            operator.runMails();
        }
        assertThat(savepoint.isInTheMiddle(operator.states())).isTrue();
    }

    private Map<String, List<String>> undisturbed(CanonicalSavepoint savepoint) throws Exception {
        try (var operator = start(null, new HashMapStateBackend())) {
            feed(operator, savepoint.before());
            feed(operator, savepoint.inTheMiddle());
            feed(operator, savepoint.after());
            settle(operator);
            return OutputLines.bySession(operator.output.events);
        }
    }

    /** What follows the first outputs of each session. */
    private static void assertGoesOn(
            Map<String, List<String>> found, Map<String, List<String>> told, Map<String, List<String>> all) {
        all.forEach((session, lines) -> {
            int before = told.getOrDefault(session, List.of()).size();
            assertThat(found.getOrDefault(session, List.of()))
                    .as(session)
                    .isEqualTo(lines.subList(before, lines.size()));
        });
    }

    static Stream<CanonicalSavepoint> savepoints() {
        return Stream.of(CanonicalSavepoint.scoring(), CanonicalSavepoint.decoding());
    }

    static Stream<Arguments> restores() {
        return savepoints()
                .flatMap(savepoint -> Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())
                        .map(backend -> Arguments.of(savepoint, backend)));
    }

    @ParameterizedTest
    @MethodSource("restores")
    void aRestoreInTheMiddleOfARecordGoesOnAsIfNothingHadHappened(CanonicalSavepoint savepoint, StateBackend backend)
            throws Exception {
        OperatorSubtaskState snapshot;
        Map<String, List<String>> told;
        try (var operator = start(null, backend)) {
            feedUpToTheMiddle(savepoint, operator);
            told = OutputLines.bySession(operator.output.events);
            snapshot = operator.flink.snapshot(1, 1);
        }
        try (var operator = start(snapshot, backend)) {
            feed(operator, savepoint.after());
            settle(operator);
            assertGoesOn(OutputLines.bySession(operator.output.events), told, undisturbed(savepoint));
        }
    }

    @ParameterizedTest
    @MethodSource("savepoints")
    void aStoredSavepointOpensAndGoesOn(CanonicalSavepoint savepoint) throws Exception {
        Map<String, List<String>> told;
        try (var operator = start(null, new HashMapStateBackend())) {
            feedUpToTheMiddle(savepoint, operator);
            told = OutputLines.bySession(operator.output.events);
        }
        try (var operator = start(OperatorSnapshotUtil.readStateHandle(savepoint.path()), new HashMapStateBackend())) {
            feed(operator, savepoint.after());
            settle(operator);
            assertGoesOn(OutputLines.bySession(operator.output.events), told, undisturbed(savepoint));
        }
    }

    /** For a new format: {@code -Dsavepoint.write=DIRECTORY}. */
    @ParameterizedTest
    @MethodSource("savepoints")
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void writesASavepoint(CanonicalSavepoint savepoint) throws Exception {
        try (var operator = start(null, new EmbeddedRocksDBStateBackend())) {
            feedUpToTheMiddle(savepoint, operator);
            var written =
                    operator.flink.snapshotWithLocalState(1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL));
            Path file = Path.of(System.getProperty("savepoint.write"), savepoint.name());
            OperatorSnapshotUtil.writeStateHandle(written.getJobManagerOwnedState(), file.toString());
        }
    }
}
