package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ToyModel;
import io.bytelm.combine.Combination;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.Emission;
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
import java.util.Random;
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
            20,
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

    private final List<ScheduledService> services = new ArrayList<>();

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
    }

    private SessionOperatorHarness<SessionState> start(
            List<Vocabulary> models, Combination how, @Nullable OperatorSubtaskState state, StateBackend backend)
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
                AllSessionsLogic.combined(DEFAULTS, how, together, PieceSize.STANDARD, Runnable::run, () -> {}),
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
