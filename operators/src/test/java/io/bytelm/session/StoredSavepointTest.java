package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Savepoints in Flink's canonical format must open in every later version and go on as if nothing had happened. Between
 * them they hold every state of the operator. A change of formats gets savepoints of its own beside these, which are
 * never made again.
 */
class StoredSavepointTest {
    private static final long TIMESTAMP_MILLIS = 7;
    private static final double SAME_NATS = 1e-4;
    private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d{9}");

    private static EmbeddedTrieLmService oracle;

    private final ScheduledService[] services = new ScheduledService[2];

    @BeforeAll
    static void openService() throws Exception {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        oracle = EmbeddedTrieLmService.open(
                english,
                order -> new ReorderedModel(new PortableModel(english.size()), order),
                ServiceSettings.defaults());
    }

    @AfterAll
    static void closeService() {
        oracle.close();
    }

    private SessionOperatorHarness<SessionState> start(
            int index, int parallelism, @Nullable OperatorSubtaskState state, StateBackend backend) throws Exception {
        services[index] = new ScheduledService(oracle, new Random(0), 0);
        return new SessionOperatorHarness<>(
                new Subtask(index, parallelism, state, backend),
                services[index],
                new AllSessionsLogic(
                        SessionDefaults.STANDARD, oracle.vocabulary(), oracle.contextTokens(), Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private static void feed(SessionOperatorHarness<SessionState> operator, List<InputRecord> input) throws Exception {
        for (InputRecord record : input) {
            operator.flink.processElement(new StreamRecord<>(record, TIMESTAMP_MILLIS));
        }
    }

    private void settle(SessionOperatorHarness<SessionState> operator, int index) throws Exception {
        operator.runMails();
        while (services[index].hasWaiting()) {
            services[index].answerOldest();
            operator.runMails();
        }
    }

    /** What comes before the savepoint: each record that has begun has committed a piece and has not come to its end. */
    private void feedUpTo(StoredSavepoint savepoint, SessionOperatorHarness<SessionState> operator) throws Exception {
        feed(operator, savepoint.before());
        settle(operator, 0);
        for (InputRecord open : savepoint.begun()) {
            feed(operator, List.of(open));
            operator.runMails();
            while (!begun(operator).contains(new SessionKey().getKey(open))) {
                services[0].answerNewest(); // those before it stay where they are
                operator.runMails();
            }
        }
        assertThat(begun(operator)).isEqualTo(savepoint.sessionsBegun());
        feed(operator, savepoint.inFlight());
    }

    private static Set<String> begun(SessionOperatorHarness<SessionState> operator) throws Exception {
        List<String> sessions = operator.keysIn(SessionStore.NAME);
        List<SessionState> states = operator.states();
        Set<String> begun = new TreeSet<>();
        for (int i = 0; i < states.size(); i++) {
            SessionState state = states.get(i);
            boolean isDrawing = state instanceof Driven driven && driven.rounds() > 0;
            if (isDrawing || state instanceof Partway || state instanceof Opening) {
                begun.add(sessions.get(i));
            }
        }
        return begun;
    }

    /** The outputs after the point of the savepoint, of a run that was never interrupted. */
    private Map<String, List<String>> undisturbed(StoredSavepoint savepoint) throws Exception {
        try (var operator = start(0, 1, null, new HashMapStateBackend())) {
            feed(operator, savepoint.before());
            feed(operator, savepoint.begun());
            feed(operator, savepoint.inFlight());
            feed(operator, savepoint.after());
            settle(operator, 0);
            Map<String, List<String>> outputs = OutputLines.bySession(operator.output.events);
            savepoint
                    .told()
                    .forEach((session, told) ->
                            outputs.computeIfPresent(session, (s, lines) -> lines.subList(told, lines.size())));
            return outputs;
        }
    }

    record Case(StoredSavepoint savepoint, StateBackend backend) {
        @Override
        public String toString() {
            return savepoint + " on " + backend.getClass().getSimpleName();
        }
    }

    static Stream<StoredSavepoint> savepoints() {
        return Stream.of(
                ScoringSavepoint.formatOne(),
                DecodingSavepoint.formatOne(),
                PiecesSavepoint.formatTwo(),
                HeadersSavepoint.inputFormatTwo(),
                ScoringSavepoint.formatThree(),
                PiecesSavepoint.formatThree());
    }

    static Stream<Case> cases() {
        return savepoints()
                .flatMap(savepoint -> Stream.of(
                        new Case(savepoint, new HashMapStateBackend()),
                        new Case(savepoint, new EmbeddedRocksDBStateBackend())));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStoredSavepointOpensAndGoesOn(Case stored) throws Exception {
        StoredSavepoint savepoint = stored.savepoint();
        Map<String, List<String>> expected = undisturbed(savepoint);
        try (var operator = start(0, 1, OperatorSnapshotUtil.readStateHandle(savepoint.path()), stored.backend())) {
            assertThat(operator.keysIn("in-flight")).containsExactlyInAnyOrderElementsOf(savepoint.sessionsInFlight());
            assertThat(operator.keysIn("settled")).containsAll(savepoint.settled());
            assertThat(operator.keysIn("expiry")).containsExactlyInAnyOrderElementsOf(savepoint.sessionsKnown());
            assertThat(begun(operator)).isEqualTo(savepoint.sessionsBegun());
            feed(operator, savepoint.after());
            settle(operator, 0);
            assertAlike(OutputLines.bySession(operator.output.events), expected, savepoint.samePruning());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void andOnTwoSubtasksToo(Case stored) throws Exception {
        StoredSavepoint savepoint = stored.savepoint();
        Map<String, List<String>> found = new TreeMap<>();
        for (int index = 0; index < 2; index++) {
            OperatorSubtaskState part = AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    OperatorSnapshotUtil.readStateHandle(savepoint.path()), Subtask.MAX_PARALLELISM, 1, 2, index);
            try (var operator = start(index, 2, part, stored.backend())) {
                int here = index;
                feed(
                        operator,
                        savepoint.after().stream()
                                .filter(r -> ownerOf(r) == here)
                                .toList());
                settle(operator, index);
                found.putAll(OutputLines.bySession(operator.output.events));
            }
        }
        assertAlike(found, undisturbed(savepoint), savepoint.samePruning());
    }

    /** Where the build that wrote the savepoint pruned by other shares, numbers may differ by what is promised. */
    private static void assertAlike(
            Map<String, List<String>> found, Map<String, List<String>> expected, boolean samePruning) {
        if (samePruning) {
            assertThat(found).isEqualTo(expected);
            return;
        }
        assertThat(withoutNumbers(found)).isEqualTo(withoutNumbers(expected));
        expected.forEach((session, lines) -> assertThat(numbers(found.getOrDefault(session, List.of())))
                .as(session)
                .containsExactly(numbers(lines), Offset.offset(SAME_NATS)));
    }

    private static Map<String, List<String>> withoutNumbers(Map<String, List<String>> outputs) {
        Map<String, List<String>> without = new TreeMap<>();
        outputs.forEach((session, lines) -> without.put(
                session,
                lines.stream().map(line -> NUMBER.matcher(line).replaceAll("#")).toList()));
        return without;
    }

    private static double[] numbers(List<String> lines) {
        return NUMBER.matcher(String.join("\n", lines))
                .results()
                .mapToDouble(number -> Double.parseDouble(number.group()))
                .toArray();
    }

    private static int ownerOf(InputRecord record) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                new SessionKey().getKey(record), Subtask.MAX_PARALLELISM, 2);
    }

    /** For a new format: {@code -Dsavepoint.write=DIRECTORY}; prints what was told before. */
    @ParameterizedTest
    @MethodSource("savepoints")
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void writesASavepoint(StoredSavepoint savepoint) throws Exception {
        try (var operator = start(0, 1, null, new EmbeddedRocksDBStateBackend())) {
            feedUpTo(savepoint, operator);
            Map<String, Integer> told = new HashMap<>();
            OutputLines.bySession(operator.output.events).forEach((session, lines) -> told.put(session, lines.size()));
            System.out.println(savepoint + " is taken after these outputs: " + told);
            var written =
                    operator.flink.snapshotWithLocalState(1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL));
            Path file = Path.of(System.getProperty("savepoint.write"), savepoint.name());
            OperatorSnapshotUtil.writeStateHandle(written.getJobManagerOwnedState(), file.toString());
        }
    }
}
