package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A savepoint of format 1, in Flink's canonical format, must open in every later version and go on as if nothing had
 * happened. It holds every state of the operator: sessions short, long, ended and at a dead end, numbers, expiry times,
 * records in flight. A change of formats gets a savepoint of its own beside it; this one is never made again.
 */
class StoredSavepointTest {
    private static final String FORMAT_1 = "src/test/resources/savepoints/sessions-format-1";
    private static final String HEALTHY = "the end. Grüße, 日本語! hello world, the end! ";
    private static final String FRAGILE =
            "{\"k\": 1, \"eos_tokens\": [\"!\", \".\"], \"heal\": false, \"emit\": \"byte\"}";

    private static EmbeddedTrieLmService oracle;

    private final ScheduledService[] services = new ScheduledService[2];
    private long offset;

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

    private List<InputRecord> before() {
        List<InputRecord> input = new ArrayList<>();
        for (int chunk = 0; chunk < 12; chunk++) {
            input.add(record("long", null, null, HEALTHY));
        }
        input.add(record("short", "open", null, "{\"prompt\": \"the en\", \"emit\": \"byte\", \"top\": 3}"));
        input.add(record("short", null, null, "d. Grü"));
        input.add(record("ended", null, "1", "hello"));
        input.add(record("ended", "end", "2", ""));
        input.add(record("fragile", "open", null, FRAGILE));
        input.add(record("fragile", null, null, HEALTHY));
        input.add(record("numbered", null, "41", "the "));
        return input;
    }

    private List<InputRecord> inFlight() {
        return List.of(
                record("long", null, null, "hello"),
                record("long", null, null, " world"),
                record("numbered", null, "42", "end"),
                record("new", null, null, "日"));
    }

    private List<InputRecord> after() {
        return List.of(
                record("long", null, null, HEALTHY),
                record("long", "end", null, ""),
                record("short", null, null, "ße"),
                record("short", "end", null, ""),
                record("ended", null, "1", "hello"),
                record("ended", null, null, "late"),
                record("fragile", null, null, "more"),
                record("fragile", "end", null, ""),
                record("numbered", null, "42", "end"),
                record("numbered", null, "43", "."),
                record("new", null, null, "本"));
    }

    private InputRecord record(String session, @Nullable String op, @Nullable String sequence, String text) {
        SourcePosition source = new SourcePosition("in", 0, offset++, 0);
        return new InputRecord(session.getBytes(UTF_8), op, sequence, text.getBytes(UTF_8), source);
    }

    private SessionOperatorHarness<SessionState> start(
            int index, int parallelism, @Nullable OperatorSubtaskState state, StateBackend backend) throws Exception {
        services[index] = new ScheduledService(oracle, new Random(0), 0);
        return new SessionOperatorHarness<>(
                new Subtask(index, parallelism, state, backend),
                services[index],
                new ScoringLogic(SessionDefaults.STANDARD, oracle.vocabulary()),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private static void feed(SessionOperatorHarness<SessionState> operator, List<InputRecord> input) throws Exception {
        for (InputRecord record : input) {
            operator.flink.processElement(new StreamRecord<>(record, 7));
        }
    }

    private void settle(SessionOperatorHarness<SessionState> operator, int index) throws Exception {
        operator.runMails();
        while (services[index].hasWaiting()) {
            services[index].answerOldest();
            operator.runMails();
        }
    }

    /** What a session put out, in order, in a form that survives a last bit of difference between two machines. */
    private static Map<String, List<String>> bySession(List<Object> events) {
        Map<String, List<String>> outputs = new TreeMap<>();
        for (Object event : events) {
            if (event instanceof StreamRecord<?> record && record.getValue() instanceof OutputRecord output) {
                assertThat(record.getTimestamp()).isEqualTo(7);
                outputs.computeIfAbsent(sessionOf(output), session -> new ArrayList<>())
                        .add(described(output));
            }
        }
        return outputs;
    }

    private static String sessionOf(OutputRecord output) {
        byte[] session = output instanceof Score score
                ? score.session()
                : ((DeadLetter) output).input().key();
        return session == null ? "" : new String(session, UTF_8);
    }

    private static String described(OutputRecord output) {
        if (output instanceof DeadLetter letter) {
            return letter.reason() + " " + letter.message();
        }
        Score score = (Score) output;
        return "%s %d %.9f %.9f %s"
                .formatted(
                        score.event(),
                        score.bytesConsumed(),
                        score.chunkLogLikelihood(),
                        score.totalLogLikelihood(),
                        score.failedByte());
    }

    /** The outputs after the point of the savepoint, of a run that was never interrupted. */
    private Map<String, List<String>> undisturbed() throws Exception {
        try (var operator = start(0, 1, null, new HashMapStateBackend())) {
            feed(operator, before());
            settle(operator, 0);
            operator.output.events.clear();
            feed(operator, inFlight());
            feed(operator, after());
            settle(operator, 0);
            return bySession(operator.output.events);
        }
    }

    static Stream<Supplier<StateBackend>> backends() {
        return Stream.of(HashMapStateBackend::new, EmbeddedRocksDBStateBackend::new);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void theSavepointOfFormatOneOpensAndGoesOn(Supplier<StateBackend> backend) throws Exception {
        Map<String, List<String>> expected = undisturbed();
        assertThat(expected).containsOnlyKeys("long", "short", "ended", "fragile", "numbered", "new");
        offset = before().size() + inFlight().size();
        try (var operator = start(0, 1, OperatorSnapshotUtil.readStateHandle(FORMAT_1), backend.get())) {
            assertThat(operator.keysIn("in-flight")).containsExactlyInAnyOrder("long", "numbered", "new");
            assertThat(operator.keysIn("settled")).contains("long");
            assertThat(operator.keysIn("expiry"))
                    .containsExactlyInAnyOrder("long", "short", "ended", "fragile", "numbered");
            feed(operator, after());
            settle(operator, 0);
            assertThat(bySession(operator.output.events)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void andOnTwoSubtasksToo(Supplier<StateBackend> backend) throws Exception {
        Map<String, List<String>> expected = undisturbed();
        offset = before().size() + inFlight().size();
        List<InputRecord> after = after();
        Map<String, List<String>> found = new TreeMap<>();
        for (int index = 0; index < 2; index++) {
            OperatorSubtaskState part = AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    OperatorSnapshotUtil.readStateHandle(FORMAT_1), Subtask.MAX_PARALLELISM, 1, 2, index);
            try (var operator = start(index, 2, part, backend.get())) {
                int here = index;
                feed(operator, after.stream().filter(r -> ownerOf(r) == here).toList());
                settle(operator, index);
                found.putAll(bySession(operator.output.events));
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    private static int ownerOf(InputRecord record) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                new SessionKey().getKey(record), Subtask.MAX_PARALLELISM, 2);
    }

    /** For a new format: {@code -Dsavepoint.write=FILE}. */
    @Test
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void writesASavepoint() throws Exception {
        try (var operator = start(0, 1, null, new EmbeddedRocksDBStateBackend())) {
            feed(operator, before());
            settle(operator, 0);
            feed(operator, inFlight());
            var savepoint =
                    operator.flink.snapshotWithLocalState(1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL));
            OperatorSnapshotUtil.writeStateHandle(
                    savepoint.getJobManagerOwnedState(), System.getProperty("savepoint.write"));
        }
    }
}
