package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ContextWindow;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.WindowedModel;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A model reads a part of a long context, and no more than that part is kept of a session. Every number is, bit for bit,
 * that of sessions that are kept whole, and each says alike whether the model has read it in part.
 */
class WindowedSessionsTest {
    private static final List<String> SESSIONS = List.of("plain", "fragile", "all", "steered", "drawn", "particles");
    private static final String TEXT = StoredSavepoint.TEXT.repeat(24);

    record Case(ContextWindow window, StateBackend backend) {
        @Override
        public String toString() {
            return window + " on " + backend.getClass().getSimpleName();
        }
    }

    static Stream<Case> cases() {
        return Stream.of(new ContextWindow(8, 3), new ContextWindow(70, 1), new ContextWindow(70, 35))
                .flatMap(window -> Stream.of(
                        new Case(window, new HashMapStateBackend()),
                        new Case(window, new EmbeddedRocksDBStateBackend())));
    }

    /** A service whose sessions are kept whole, because it does not say how little it reads. */
    private record Unbounded(TrieLmService service) implements TrieLmService {
        @Override
        public Vocabulary vocabulary() {
            return service.vocabulary();
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return service.expand(request);
        }

        @Override
        public void close() {
            service.close();
        }
    }

    private static TrieLmService service(ContextWindow window) throws Exception {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        return EmbeddedTrieLmService.open(
                english,
                order -> new ReorderedModel(new WindowedModel(new PortableModel(english.size()), window), order),
                ServiceSettings.defaults());
    }

    private static List<InputRecord> input() {
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        List<InputRecord> input = new ArrayList<>();
        input.add(in.record("fragile", "open", null, "{\"k\":2,\"prune_threshold\":0.2,\"top\":3}"));
        input.add(in.record("all", "open", null, "{\"k\":6,\"prune_threshold\":0,\"emit\":\"byte\",\"top\":2}"));
        input.add(in.record("steered", "open", null, "{\"mode\":\"steered\",\"prompt\":\"" + TEXT + "\"}"));
        input.add(in.record("drawn", "open", null, "{\"mode\":\"driven\",\"seed\":5,\"max_bytes\":600}"));
        input.add(in.record(
                "particles", "open", null, "{\"mode\":\"driven\",\"particles\":3,\"seed\":1,\"max_bytes\":300}"));
        Random random = new Random(1);
        Map<String, Integer> positions = new HashMap<>();
        List<String> reading = new ArrayList<>(List.of("plain", "fragile", "all", "steered"));
        while (!reading.isEmpty()) {
            String session = reading.get(random.nextInt(reading.size()));
            String text = session.equals("steered") ? "the end" : TEXT;
            int from = positions.getOrDefault(session, 0);
            int to = Math.min(text.length(), from + 1 + random.nextInt(session.equals("steered") ? 2 : 25));
            positions.put(session, to);
            boolean ends = from == to;
            input.add(in.record(session, ends ? "end" : null, null, text.substring(from, to)));
            reading.removeIf(name -> ends && name.equals(session));
        }
        return input;
    }

    private record Run(List<Object> outputs, int letGo) {}

    /** @param restoreEvery after so many records the operator is restored from a snapshot, with some of them in flight */
    private static Run run(TrieLmService service, long contextTokens, StateBackend backend, int restoreEvery)
            throws Exception {
        List<Object> outputs = new ArrayList<>();
        List<InputRecord> input = input();
        OperatorSubtaskState state = null;
        int letGo = 0;
        for (int from = 0; from < input.size(); from += restoreEvery) {
            ScheduledService scheduled = new ScheduledService(service, new Random(from), 0);
            try (var operator = start(scheduled, contextTokens, backend, state)) {
                int to = Math.min(input.size(), from + restoreEvery);
                feed(operator, input.subList(from, to));
                answer(operator, scheduled, to == input.size() ? Integer.MAX_VALUE : 600);
                state = operator.flink.snapshot(from, from);
                letGo += letGo(operator);
                outputs.addAll(operator.output.events);
            }
        }
        return new Run(outputs, letGo);
    }

    private static void feed(SessionOperatorHarness<SessionState> operator, List<InputRecord> records)
            throws Exception {
        for (InputRecord record : records) {
            operator.flink.processElement(new StreamRecord<>(record));
        }
        operator.runMails();
    }

    private static void answer(SessionOperatorHarness<SessionState> operator, ScheduledService service, int most)
            throws Exception {
        for (int answers = 0; service.hasWaiting() && answers < most; answers++) {
            service.answerAny();
            operator.runMails();
        }
    }

    /** How many contexts do not hold their oldest tokens. */
    private static int letGo(SessionOperatorHarness<SessionState> operator) throws Exception {
        return operator.states().stream()
                .flatMap(session -> session.contexts().stream())
                .mapToInt(TokenContext::olderTokens)
                .map(Integer::signum)
                .sum();
    }

    private static SessionOperatorHarness<SessionState> start(
            TrieLmService service, long contextTokens, StateBackend backend, @Nullable OperatorSubtaskState state)
            throws Exception {
        return new SessionOperatorHarness<>(
                new Subtask(0, 1, state, backend),
                service,
                new AllSessionsLogic(SessionDefaults.STANDARD, service.vocabulary(), contextTokens, Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private static List<Result> of(String session, Run run) {
        return run.outputs().stream()
                .map(event -> ((StreamRecord<?>) event).getValue())
                .filter(Result.class::isInstance)
                .map(Result.class::cast)
                .filter(result -> session.equals(new String(result.session(), UTF_8)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyNumberIsThatOfAWholeSession(Case given) throws Exception {
        try (TrieLmService service = service(given.window())) {
            Run whole = run(
                    new Unbounded(service), service.contextTokens(), new HashMapStateBackend(), Integer.MAX_VALUE / 2);
            Run windowed = run(service, service.contextTokens(), given.backend(), 8);
            assertThat(whole.letGo()).isZero();
            assertThat(windowed.letGo()).isGreaterThan(10);
            for (String session : SESSIONS) {
                assertThat(of(session, windowed)).as(session).isNotEmpty().isEqualTo(of(session, whole));
                assertThat(of(session, windowed)).as(session).anyMatch(Result::truncated);
            }
        }
    }

    /** What earlier versions stored is whole; the first record lets go of what the model does not read. */
    @ParameterizedTest
    @MethodSource("cases")
    void sessionsOfAnEarlierFormatAreCarriedOver(Case given) throws Exception {
        StoredSavepoint savepoint = ScoringSavepoint.formatOne();
        try (TrieLmService service = service(given.window())) {
            long tokens = service.contextTokens();
            List<Object> whole = after(savepoint, new Unbounded(service), tokens, new HashMapStateBackend());
            List<Object> windowed = after(savepoint, service, tokens, given.backend());
            assertThat(OutputLines.bySession(windowed)).isEqualTo(OutputLines.bySession(whole));
        }
    }

    private static List<Object> after(
            StoredSavepoint savepoint, TrieLmService service, long contextTokens, StateBackend backend)
            throws Exception {
        ScheduledService scheduled = new ScheduledService(service, new Random(0), 0);
        OperatorSubtaskState stored = OperatorSnapshotUtil.readStateHandle(savepoint.path());
        try (var operator = start(scheduled, contextTokens, backend, stored)) {
            feed(operator, savepoint.after());
            answer(operator, scheduled, Integer.MAX_VALUE);
            return List.copyOf(operator.output.events);
        }
    }

    private static final ContextWindow STORED_WINDOW = new ContextWindow(8, 3);
    private static final int STORED_RECORDS = 60;
    private static final int STORED_ANSWERS = 6000;
    private static final String NEWEST_STORED = "windowed-sessions-format-3";

    record Stored(String name, StateBackend backend) {
        @Override
        public String toString() {
            return name + " on " + backend.getClass().getSimpleName();
        }
    }

    static Stream<Stored> stored() {
        return Stream.of("windowed-sessions-format-2", NEWEST_STORED)
                .flatMap(name -> Stream.of(
                        new Stored(name, new HashMapStateBackend()),
                        new Stored(name, new EmbeddedRocksDBStateBackend())));
    }

    /** Sessions that have let go of their oldest tokens, and driven ones with some pieces committed. */
    @ParameterizedTest
    @MethodSource("stored")
    void aStoredSavepointOpensAndGoesOn(Stored given) throws Exception {
        try (TrieLmService service = service(STORED_WINDOW)) {
            Run whole = run(
                    new Unbounded(service), service.contextTokens(), new HashMapStateBackend(), Integer.MAX_VALUE / 2);
            ScheduledService scheduled = new ScheduledService(service, new Random(0), 0);
            OperatorSubtaskState stored =
                    OperatorSnapshotUtil.readStateHandle("src/test/resources/savepoints/" + given.name());
            List<InputRecord> input = input();
            try (var operator = start(scheduled, service.contextTokens(), given.backend(), stored)) {
                assertThat(letGo(operator)).isGreaterThan(2);
                assertThat(operator.keysIn("in-flight")).isNotEmpty();
                feed(operator, input.subList(STORED_RECORDS, input.size()));
                answer(operator, scheduled, Integer.MAX_VALUE);
                Run resumed = new Run(operator.output.events, 0);
                for (String session : SESSIONS) {
                    List<Result> expected = of(session, whole);
                    List<Result> found = of(session, resumed);
                    assertThat(found)
                            .as(session)
                            .isNotEmpty()
                            .isEqualTo(expected.subList(expected.size() - found.size(), expected.size()));
                }
            }
        }
    }

    /** For a new format: {@code -Dsavepoint.write=DIRECTORY}. */
    @Test
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void writesASavepoint() throws Exception {
        try (TrieLmService service = service(STORED_WINDOW)) {
            ScheduledService scheduled = new ScheduledService(service, new Random(0), 0);
            try (var operator = start(scheduled, service.contextTokens(), new EmbeddedRocksDBStateBackend(), null)) {
                feed(operator, input().subList(0, STORED_RECORDS));
                answer(operator, scheduled, STORED_ANSWERS);
                var written = operator.flink.snapshotWithLocalState(
                        1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL));
                Path file = Path.of(System.getProperty("savepoint.write"), NEWEST_STORED);
                OperatorSnapshotUtil.writeStateHandle(written.getJobManagerOwnedState(), file.toString());
            }
        }
    }
}
