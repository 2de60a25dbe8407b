package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ToyModel;
import io.bytelm.combine.Combination;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.DecodingState;
import io.bytelm.record.Emission;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ModelsTogether;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions of several models in the operator: their tokens settle in keyed state, and nothing is lost or doubled. */
class CombinedOperatorTest {
    private static final SessionDefaults DEFAULTS = new SessionDefaults(
            6,
            0,
            List.of(),
            true,
            BeamParams.UNLIMITED,
            BeamParams.UNLIMITED,
            new Emission(Emission.When.CHUNK, 3),
            1 << 20,
            true);
    private static final Vocabulary SHORT = ToyModel.vocabulary("", "<", "a", "b", "c", "ab", "bc");
    private static final Vocabulary LONG = ToyModel.vocabulary(" ", "<", "a", "b", "ca", "c", "abc", "cc", " ");
    private static final Combination PRODUCT = Combination.product(List.of(1.0, 0.5));

    private static final PieceSize SMALL = new PieceSize(64, 128 << 10);

    private final List<ScheduledService> services = new ArrayList<>();

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
    }

    private SessionOperatorHarness<SessionState> start(
            List<Vocabulary> models, Combination how, @Nullable OperatorSubtaskState state, StateBackend backend)
            throws Exception {
        return start(models, how, state, backend, PieceSize.STANDARD);
    }

    private SessionOperatorHarness<SessionState> start(
            List<Vocabulary> models,
            Combination how,
            @Nullable OperatorSubtaskState state,
            StateBackend backend,
            PieceSize piece)
            throws Exception {
        ModelsTogether together = new ModelsTogether(models.stream()
                .map(v -> new BruteForceTrieLmService(v, new PortableModel(v.size())))
                .map(TrieLmService.class::cast)
                .toList());
        ScheduledService service = new ScheduledService(together, new Random(0), 0);
        services.add(service);
        return new SessionOperatorHarness<>(
                new Subtask(0, 1, state, backend),
                service,
                AllSessions.combined(DEFAULTS, how, together, piece, Runnable::run, () -> {}),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private void settle(SessionOperatorHarness<SessionState> operator) throws Exception {
        ScheduledService service = services.get(services.size() - 1);
        operator.runMails();
        while (service.hasWaiting()) {
            service.answerAny();
            operator.runMails();
        }
    }

    private static List<Score> scores(SessionOperatorHarness<SessionState> operator, String session) {
        return operator.output.events.stream()
                .map(event -> ((StreamRecord<?>) event).getValue())
                .map(Score.class::cast)
                .filter(score -> session.equals(new String(score.session(), UTF_8)))
                .toList();
    }

    private static String text(int length) {
        Random random = new Random(length);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append("abc".charAt(random.nextInt(3))); // what both models have tokens for
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aSessionGoesOnFromASnapshotWithARecordInFlight(StateBackend backend) throws Exception {
        String first = text(400);
        String second = text(300);
        String third = text(40);
        double expected;
        try (var undisturbed = start(List.of(SHORT, LONG), PRODUCT, null, backend)) {
            undisturbed.process("s", first + second + third);
            settle(undisturbed);
            expected = scores(undisturbed, "s").get(0).totalLogLikelihood();
        }
        OperatorSubtaskState state;
        try (var operator = start(List.of(SHORT, LONG), PRODUCT, null, backend)) {
            operator.process("s", first);
            operator.process("other", second);
            settle(operator);
            assertThat(operator.keysIn("settled")).containsExactlyInAnyOrder("s", "other");
            operator.process("s", second);
            services.get(services.size() - 1).answerNewest();
            operator.runMails();
            state = operator.flink.snapshot(1, 1);
            assertThat(scores(operator, "s")).hasSize(1);
        }
        try (var restored = start(List.of(SHORT, LONG), PRODUCT, state, backend)) {
            settle(restored);
            restored.process("s", third);
            settle(restored);
            List<Score> scores = scores(restored, "s");
            assertThat(scores).hasSize(2);
            assertThat(scores.get(1).bytesConsumed()).isEqualTo(740);
            assertThat(scores.get(1).totalLogLikelihood()).isCloseTo(expected, within(1e-9));
        }
    }

    private static List<InputRecord> decoding() {
        String letters = "\"constraint\":{\"kind\":\"regex\",\"source\":\"[abc]{9,2000}\"},\"eos_tokens\":[]";
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        return List.of(
                in.record("steered", "open", null, "{\"mode\":\"steered\"," + letters + "}"),
                in.record(
                        "driven",
                        "open",
                        null,
                        "{\"mode\":\"driven\",\"max_bytes\":60,\"emit\":\"byte\"," + letters + "}"),
                in.record(
                        "particles",
                        "open",
                        null,
                        "{\"mode\":\"driven\",\"max_bytes\":40,\"particles\":3,\"prompt\":\"" + text(150) + "\","
                                + letters + "}"),
                in.record("steered", null, null, text(200)),
                in.record("steered", null, null, "not allowed"),
                in.record("steered", null, null, text(50)),
                in.record("steered", "end", null, ""));
    }

    private static void feed(SessionOperatorHarness<SessionState> operator, List<InputRecord> input) throws Exception {
        for (InputRecord record : input) {
            operator.flink.processElement(new StreamRecord<>(record));
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void decodingSessionsGoOnFromASnapshotInTheMiddleOfTheirRecords(StateBackend backend) throws Exception {
        List<Vocabulary> models = List.of(SHORT, LONG);
        for (Combination how : List.of(PRODUCT, Combination.mixture(List.of(0.25, 0.75)))) {
            Map<String, List<String>> expected;
            try (var undisturbed = start(models, how, null, backend, SMALL)) {
                feed(undisturbed, decoding());
                settle(undisturbed);
                expected = OutputLines.bySession(undisturbed.output.events);
            }
            Random random = new Random(1);
            Map<String, List<String>> found = new TreeMap<>();
            OperatorSubtaskState state = null;
            int partway = 0;
            for (int run = 0; run < 4; run++) {
                try (var operator = start(models, how, state, backend, SMALL)) {
                    feed(operator, run == 0 ? decoding() : List.of());
                    operator.runMails();
                    ScheduledService service = services.get(services.size() - 1);
                    for (int answers = run < 3 ? 200 + random.nextInt(1500) : Integer.MAX_VALUE;
                            answers > 0 && service.hasWaiting();
                            answers--) {
                        service.answerAny();
                        operator.runMails();
                    }
                    partway += (int) operator.states().stream()
                            .filter(s -> s instanceof SessionState.Partway || s instanceof DecodingState.Driven)
                            .count();
                    state = operator.flink.snapshot(run, run);
                    OutputLines.bySession(operator.output.events)
                            .forEach((session, lines) -> found.computeIfAbsent(session, s -> new ArrayList<>())
                                    .addAll(lines));
                }
            }
            assertThat(partway).as(how.described()).isPositive();
            assertThat(found).as(how.described()).isEqualTo(expected);
            assertThat(found.get("steered")).as(how.described()).hasSize(5);
        }
    }

    @Test
    void otherModelsOrTheSameTurnedRoundAreRefusedForGood() throws Exception {
        StateBackend backend = new HashMapStateBackend();
        OperatorSubtaskState state;
        try (var operator = start(List.of(SHORT, LONG), PRODUCT, null, backend)) {
            operator.process("s", "ab");
            settle(operator);
            state = operator.flink.snapshot(1, 1);
        }
        for (List<Vocabulary> others : List.of(List.of(LONG, SHORT), List.of(SHORT, SHORT))) {
            assertThatThrownBy(() -> start(others, PRODUCT, state, backend))
                    .isInstanceOf(SuppressRestartsException.class)
                    .cause()
                    .hasMessageContaining("vocabulary");
        }
        Combination ofThree = Combination.evenMixture(3);
        assertThatThrownBy(() -> start(List.of(SHORT, LONG, SHORT), ofThree, state, backend))
                .isInstanceOf(SuppressRestartsException.class);
    }
}
