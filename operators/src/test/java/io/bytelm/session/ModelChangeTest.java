package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.record.wire.ResultJson;
import io.bytelm.record.wire.SourceFields;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A snapshot that another model reads on, or the same one with other settings. */
class ModelChangeTest {
    private static final String PROMPT = StoredSavepoint.TEXT.repeat(8);
    private static final ModelIdentity FIRST = new ModelIdentity(Map.of("weights", "1111", "precision", "float32"));
    private static final ModelIdentity SECOND = new ModelIdentity(Map.of("weights", "2222", "precision", "float32"));

    private static final String SAYS_SO = ",\"restarted\":\"model-changed\"}";

    private static EmbeddedTrieLmService portable;

    private final List<ScheduledService> services = new ArrayList<>();
    private long offset;

    @BeforeAll
    static void openService() throws Exception {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        portable = EmbeddedTrieLmService.open(
                english,
                order -> new ReorderedModel(new PortableModel(english.size()), order),
                ServiceSettings.defaults());
    }

    @AfterAll
    static void closeService() {
        portable.close();
    }

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
    }

    /** The same numbers under any name: what begins anew is then told from what goes on by its counts alone. */
    private record Named(ModelIdentity model) implements TrieLmService {
        @Override
        public Vocabulary vocabulary() {
            return portable.vocabulary();
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return portable.expand(request);
        }

        @Override
        public ModelIdentity identity() {
            return portable.identity().with(model);
        }

        @Override
        public void close() {}
    }

    private SessionOperatorHarness<SessionState> start(
            ModelIdentity model, ModelChange change, Subtask subtask, SessionDefaults defaults) throws Exception {
        ScheduledService service = new ScheduledService(new Named(model), new Random(0), 0);
        services.add(service);
        return new SessionOperatorHarness<>(
                subtask,
                service,
                new AllSessionsLogic(defaults, portable.vocabulary(), Long.MAX_VALUE, Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT,
                change);
    }

    private SessionOperatorHarness<SessionState> start(
            ModelIdentity model, ModelChange change, @Nullable OperatorSubtaskState state, StateBackend backend)
            throws Exception {
        return start(model, change, new Subtask(0, 1, state, backend), SessionDefaults.STANDARD);
    }

    private void feed(SessionOperatorHarness<SessionState> operator, String session, @Nullable String op, String text)
            throws Exception {
        SourcePosition source = new SourcePosition("in", 0, offset++, 0);
        operator.flink.processElement(
                new StreamRecord<>(new InputRecord(session.getBytes(UTF_8), op, text.getBytes(UTF_8), source)));
    }

    private void settle(SessionOperatorHarness<SessionState> operator) throws Exception {
        ScheduledService service = services.get(services.size() - 1);
        operator.runMails();
        while (service.hasWaiting()) {
            service.answerOldest();
            operator.runMails();
        }
    }

    /** Sessions of every kind, one with much that has settled, three with a record in flight. */
    private OperatorSubtaskState snapshot(StateBackend backend) throws Exception {
        try (var operator = start(FIRST, ModelChange.REFUSED, null, backend)) {
            feed(operator, "scored", "open", "{\"k\":3}");
            feed(operator, "scored", null, PROMPT);
            feed(operator, "ended", null, "the");
            feed(operator, "ended", "end", "");
            feed(operator, "steered", "open", "{\"mode\":\"steered\",\"prompt\":\"" + PROMPT + "\"}");
            feed(operator, "waits", null, "the end");
            settle(operator);
            feed(operator, "driven", "open", "{\"mode\":\"driven\",\"seed\":5,\"max_bytes\":60,\"emit\":\"chunk\"}");
            operator.runMails();
            while (operator.output.events.stream()
                    .noneMatch(event -> sessionOf(event).equals("driven"))) {
                services.get(services.size() - 1).answerNewest();
                operator.runMails();
            }
            feed(operator, "waits", null, " the end");
            feed(operator, "new", null, "the");
            return operator.flink.snapshot(1, 1);
        }
    }

    private static String sessionOf(Object event) {
        Object value = ((StreamRecord<?>) event).getValue();
        byte[] session = value instanceof Result result
                ? result.session()
                : ((DeadLetter) value).input().key();
        return new String(session == null ? new byte[0] : session, UTF_8);
    }

    /** What each session said, as JSON without its source; of dead letters reason and message. */
    private static Map<String, List<String>> said(SessionOperatorHarness<SessionState> operator) {
        Map<String, List<String>> said = new TreeMap<>();
        for (Object event : operator.output.events) {
            Object value = ((StreamRecord<?>) event).getValue();
            String line = value instanceof Result result
                    ? new String(ResultJson.write(result, null, SourceFields.LEFT_OUT), UTF_8)
                    : ((DeadLetter) value).reason() + " " + ((DeadLetter) value).message();
            said.computeIfAbsent(sessionOf(event), session -> new ArrayList<>()).add(line);
        }
        return said;
    }

    private static List<String> of(String session, Map<String, List<String>> said) {
        return Objects.requireNonNull(said.get(session), session);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anotherModelIsRefusedForGoodAndNamed(StateBackend backend) throws Exception {
        OperatorSubtaskState state = snapshot(backend);
        assertThatThrownBy(() -> start(SECOND, ModelChange.REFUSED, state, backend))
                .isInstanceOf(SuppressRestartsException.class)
                .cause()
                .isInstanceOf(ModelException.class)
                .hasMessage("the sessions of this savepoint or checkpoint were read with weights 1111, but this job has"
                        + " weights 2222: resume them with the model and settings they were begun with, or begin all"
                        + " sessions anew with --allow-model-change");
    }

    @Test
    void soIsWhatChangesHowTextsAreRead() throws Exception {
        OperatorSubtaskState state;
        try (var operator = start(FIRST, ModelChange.REFUSED, null, new HashMapStateBackend())) {
            state = operator.flink.snapshot(1, 1);
        }
        ModelIdentity both = FIRST.with("precision", "bfloat16").with("vocabulary", "99");
        assertThatThrownBy(() -> start(both, ModelChange.REFUSED, state, new HashMapStateBackend()))
                .cause()
                .hasMessageContaining("were read with precision float32, vocabulary ")
                .hasMessageContaining("this job has precision bfloat16, vocabulary 99:");
    }

    @Test
    void sessionsOfAVersionThatKnewNoRoundedStatesDoNotGoOnWithThem() throws Exception {
        OperatorSubtaskState state;
        try (var operator = start(FIRST, ModelChange.REFUSED, null, new HashMapStateBackend())) {
            state = operator.flink.snapshot(1, 1);
        }
        ModelIdentity rounded = FIRST.with("state precision", "bfloat16");
        assertThatThrownBy(() -> start(rounded, ModelChange.REFUSED, state, new HashMapStateBackend()))
                .cause()
                .hasMessageContaining(
                        "were read with state precision float32, but this job has state precision bfloat16:");
    }

    @Test
    void theSameModelGoesOnAndWhatALaterVersionNamesBesidesIsNoChange() throws Exception {
        OperatorSubtaskState state = snapshot(new HashMapStateBackend());
        int bytes = PROMPT.getBytes(UTF_8).length;
        for (ModelIdentity model : List.of(FIRST, FIRST.with("something new", "7"))) {
            try (var operator = start(model, ModelChange.BEGINS_SESSIONS_ANEW, state, new HashMapStateBackend())) {
                feed(operator, "scored", null, "!");
                settle(operator);
                assertThat(of("scored", said(operator)).get(0))
                        .contains("\"bytes\":" + ++bytes + ",")
                        .doesNotContain("restarted");
                state = operator.flink.snapshot(2, 2);
            }
        }
        OperatorSubtaskState last = state;
        ModelIdentity other = FIRST.with("something new", "8");
        assertThatThrownBy(() -> start(other, ModelChange.REFUSED, last, new HashMapStateBackend()))
                .cause()
                .hasMessageContaining("something new 7, but this job has something new 8:");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whereItIsAllowedEverySessionBeginsAnewAndSaysSoOnce(StateBackend backend) throws Exception {
        OperatorSubtaskState state = snapshot(backend);
        try (var operator = start(SECOND, ModelChange.BEGINS_SESSIONS_ANEW, state, backend)) {
            settle(operator);
            feed(operator, "scored", null, "the");
            feed(operator, "scored", null, "the");
            feed(operator, "ended", null, "late");
            feed(operator, "steered", null, "the");
            feed(operator, "steered", "open", "{\"mode\":\"steered\"}");
            feed(operator, "steered", null, "the");
            settle(operator);
            assertThat(operator.keysIn("settled")).isEmpty();
            assertThat(operator.keysIn("restarted")).isEmpty();
            Map<String, List<String>> said = said(operator);
            assertThat(of("scored", said)).hasSize(2);
            assertThat(of("scored", said).get(0)).contains("\"bytes\":3,").endsWith(SAYS_SO);
            assertThat(of("scored", said).get(1)).contains("\"bytes\":6,").doesNotContain("restarted");
            assertThat(of("ended", said))
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("session-ended the session was ended;"));
            assertThat(of("waits", said)).hasSize(1);
            assertThat(of("waits", said).get(0)).contains("\"bytes\":8,").endsWith(SAYS_SO);
            assertThat(of("new", said)).hasSize(1).noneMatch(line -> line.contains("restarted"));
            assertThat(of("steered", said).get(0))
                    .startsWith("session-ended the session was begun anew (model-changed); ");
            assertThat(of("steered", said).get(1)).contains("\"bytes\":0,").endsWith(SAYS_SO);
            assertThat(of("steered", said).get(2)).contains("\"bytes\":3,").doesNotContain("restarted");
            List<String> driven = of("driven", said);
            assertThat(driven.get(0))
                    .contains("\"event\":\"generated\",\"bytes\":16,")
                    .endsWith(SAYS_SO);
            assertThat(driven.get(driven.size() - 1))
                    .contains("\"event\":\"end\"")
                    .doesNotContain("restarted");
        }
    }

    /** Numbers of a session that began anew are those of one that never was anything else. */
    @Test
    void whatBeginsAnewIsAsIfItHadNotBeenSeenBefore() throws Exception {
        OperatorSubtaskState state = snapshot(new HashMapStateBackend());
        List<String> anew;
        try (var operator = start(SECOND, ModelChange.BEGINS_SESSIONS_ANEW, state, new HashMapStateBackend())) {
            feed(operator, "scored", null, "the end");
            feed(operator, "scored", null, ", world");
            settle(operator);
            anew = of("scored", said(operator));
        }
        try (var operator = start(SECOND, ModelChange.REFUSED, null, new HashMapStateBackend())) {
            feed(operator, "scored", null, "the end");
            feed(operator, "scored", null, ", world");
            settle(operator);
            List<String> fresh = of("scored", said(operator));
            assertThat(anew.get(0)).isEqualTo(fresh.get(0).replaceAll("}$", SAYS_SO));
            assertThat(anew.get(1)).isEqualTo(fresh.get(1));
        }
    }

    /** Who has not said it says it after the next restore, with the next model that is no other, at any parallelism. */
    @ParameterizedTest
    @MethodSource("backends")
    void whoHasNotSaidItYetSaysItAfterARestoreOnTwoSubtasks(StateBackend backend) throws Exception {
        OperatorSubtaskState state;
        try (var operator = start(SECOND, ModelChange.BEGINS_SESSIONS_ANEW, snapshot(backend), backend)) {
            feed(operator, "scored", null, "the");
            settle(operator);
            state = operator.flink.snapshot(2, 2);
            assertThat(operator.keysIn("restarted")).containsExactly(new SessionKey().getKey(record("steered")));
        }
        int told = 0;
        for (int index = 0; index < 2; index++) {
            OperatorSubtaskState part = AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, Subtask.MAX_PARALLELISM, 1, 2, index);
            Subtask subtask = new Subtask(index, 2, part, backend);
            assertThatThrownBy(() -> start(FIRST, ModelChange.REFUSED, subtask, SessionDefaults.STANDARD))
                    .as("subtask " + index)
                    .isInstanceOf(SuppressRestartsException.class);
            try (var operator = start(SECOND, ModelChange.REFUSED, subtask, SessionDefaults.STANDARD)) {
                for (String session : List.of("scored", "steered")) {
                    if (ownerOf(session) == index) {
                        feed(operator, session, "end", "");
                        feed(operator, session, "open", "{\"mode\":\"steered\"}");
                    }
                }
                settle(operator);
                told += operator.output.events.stream()
                        .filter(event -> ((StreamRecord<?>) event).getValue() instanceof Restarted)
                        .count();
                assertThat(operator.keysIn("restarted")).isEmpty();
            }
        }
        assertThat(told).isEqualTo(1);
    }

    private static InputRecord record(String session) {
        return SessionOperatorHarness.record(session, null, "", 0);
    }

    private static int ownerOf(String session) throws Exception {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                new SessionKey().getKey(record(session)), Subtask.MAX_PARALLELISM, 2);
    }

    /** Savepoints of versions that did not keep it open with any model; from the next snapshot on it is known. */
    @ParameterizedTest
    @MethodSource("backends")
    void sessionsOfAnEarlierVersionGoOnAndAreNamedFromThenOn(StateBackend backend) throws Exception {
        OperatorSubtaskState stored = OperatorSnapshotUtil.readStateHandle(
                ScoringSavepoint.formatOne().path());
        OperatorSubtaskState state;
        try (var operator = start(FIRST, ModelChange.BEGINS_SESSIONS_ANEW, stored, backend)) {
            settle(operator);
            assertThat(of("long", said(operator))).isNotEmpty().noneMatch(line -> line.contains("restarted"));
            state = operator.flink.snapshot(1, 1);
        }
        assertThatThrownBy(() -> start(SECOND, ModelChange.REFUSED, state, backend))
                .isInstanceOf(SuppressRestartsException.class);
    }

    /** A vocabulary without a dummy prefix does not tell whether it is read; the setting alone changes nothing. */
    @Test
    void aDummyPrefixThatIsNoneIsNoChange() throws Exception {
        OperatorSubtaskState state = snapshot(new HashMapStateBackend());
        SessionDefaults usual = SessionDefaults.STANDARD;
        SessionDefaults without = new SessionDefaults(
                usual.width(),
                usual.pruneThreshold(),
                usual.eosTokensHex(),
                usual.heal(),
                usual.healMaxBackoff(),
                usual.healMaxSplits(),
                usual.emission(),
                usual.maxChunkBytes(),
                false);
        Subtask subtask = new Subtask(0, 1, state, new HashMapStateBackend());
        start(FIRST, ModelChange.REFUSED, subtask, without).close();
    }
}
