package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.beam.Step;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SettledTokens;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.util.clock.SystemClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record at which the logic fails is a dead letter, wherever that happens; what is wrong with the task fails the task. */
class InternalErrorsTest {
    private final ControlledService service = new ControlledService();
    private long nowMillis;

    /** The toy session, with a fault for each place at which a logic runs. */
    private static final class Faulty implements SessionLogic<String> {
        private final SessionLogic<String> appending = new AppendingLogic();

        @Override
        public Optional<CompletableFuture<?>> preparation(@Nullable String state, InputRecord record) {
            if ("in preparation".equals(record.op())) {
                throw new IllegalStateException("a fault in preparation");
            }
            return Optional.empty();
        }

        @Override
        public Step<Transition<String>> onRecord(@Nullable String state, InputRecord record) {
            return switch (Objects.requireNonNullElse(record.op(), "bytes")) {
                case "at the beginning" -> throw new IllegalStateException("a fault at the beginning");
                case "after answers" ->
                    appending.onRecord(state, asBytes(record)).then(done -> {
                        throw new ArrayIndexOutOfBoundsException("a fault after answers");
                    });
                case "at the commit" -> Step.done(new Transition<>("s:broken at the commit", List.of()));
                case "error" -> throw new StackOverflowError();
                case "wrapped error" -> throw new CompletionException(new OutOfMemoryError("no more memory"));
                default -> appending.onRecord(state, record);
            };
        }

        private static InputRecord asBytes(InputRecord record) {
            return new InputRecord(record.key(), null, record.value(), record.source());
        }

        @Override
        public List<TokenContext> contexts(String state) {
            if (state.contains("broken")) {
                throw new NullPointerException("a fault at the commit");
            }
            return state.contains("deep") ? List.of(TokenContext.of(1, 2)) : List.of();
        }
    }

    private SessionOperatorHarness<String> open() throws Exception {
        return new SessionOperatorHarness<>(
                Subtask.FRESH, service, new Faulty(), Types.STRING, SessionSettings.DEFAULT);
    }

    private void answerAll(SessionOperatorHarness<String> operator) throws Exception {
        while (!service.waiting().isEmpty()) {
            service.waiting().get(0).complete();
            operator.runMails();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in preparation", "at the beginning", "after answers", "at the commit"})
    void aRecordAtWhichTheLogicFailsIsADeadLetterAndItsSessionGoesOn(String place) throws Exception {
        try (var operator = open()) {
            operator.process("s", "x");
            operator.process("s", place, "yz");
            operator.process("s", "z");
            operator.process("other", "x");
            answerAll(operator);
            assertThat(operator.deadLetters()).containsExactly("internal-error");
            DeadLetter letter = operator.output.deadLetters().get(0);
            assertThat(letter.exception()).endsWith("Exception: a fault " + place);
            assertThat(letter.message()).contains("a fault " + place).hasLineCount(1);
            assertThat(letter.input().source().offset()).isEqualTo(1);
            assertThat(operator.states()).containsExactlyInAnyOrder("s:xz", "other:x");
            assertThat(operator.scores()).containsExactlyInAnyOrder("s=1", "other=1", "s=2");
        }
    }

    @Test
    void asIsEveryRecordOfASessionWhosePartsDoNotFitTogether() throws Exception {
        try (var operator = open()) {
            operator.process("deep", "x");
            operator.process("other", "x");
            answerAll(operator);
            operator.flink.getOperator().setCurrentKey("deep");
            operator.flink
                    .getOperator()
                    .getKeyedStateStore()
                    .getListState(
                            new ListStateDescriptor<>(SessionStore.SETTLED_NAME, ImmutableTypeInfo.SETTLED_TOKENS))
                    .update(List.of(new SettledTokens(7, new int[] {1})));
            operator.process("deep", "y");
            operator.process("other", "y");
            answerAll(operator);
            assertThat(operator.output.deadLetters())
                    .extracting(DeadLetter::exception)
                    .containsExactly("java.lang.IllegalArgumentException: damaged session: no token 7 among the 0 that"
                            + " have settled");
            assertThat(operator.scores()).containsExactly("deep=1", "other=1", "other=2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "wrapped error"})
    void anErrorFailsTheTask(String op) throws Exception {
        try (var operator = open()) {
            assertThatThrownBy(() -> operator.process("s", op, "x")).isInstanceOf(VirtualMachineError.class);
        }
    }

    @Test
    void soDoesAnExceptionOfWhateverTakesTheOutputs() throws Exception {
        try (var operator = open()) {
            operator.process("s", "x");
            operator.output.failWith(new IllegalStateException("the sink is closed"));
            assertThatThrownBy(() -> answerAll(operator)).hasMessage("the sink is closed");
        }
    }

    @Test
    void eachKindIsLoggedOnceAMinute() {
        InternalErrors errors = errors();
        InputRecord record = SessionOperatorHarness.record("s", null, "x", 12);
        List<RuntimeException> faults = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            faults.add(new IllegalStateException("number " + i));
        }
        assertThat(errors.dueLine(record, faults.get(0)))
                .contains("offset 12 of in-0")
                .contains("the first of its kind")
                .contains("IllegalStateException at io.bytelm.session.InternalErrorsTest");
        nowMillis = 59_999;
        assertThat(errors.dueLine(record, faults.get(1))).isNull();
        assertThat(errors.dueLine(record, new IllegalStateException("thrown elsewhere")))
                .isNotNull();
        assertThat(errors.dueLine(record, new NullPointerException("number 3"))).isNotNull();
        nowMillis = 60_000;
        assertThat(errors.dueLine(record, faults.get(2))).contains("1 more of its kind");
    }

    private InternalErrors errors() {
        SessionMetrics metrics = new SessionMetrics(
                UnregisteredMetricGroups.createUnregisteredOperatorMetricGroup(), SystemClock.getInstance());
        return new InternalErrors(() -> nowMillis, metrics);
    }

    @Test
    void aLongMessageIsCutAndKeepsToOneLine() throws Exception {
        InternalErrors errors = errors();
        InputRecord record = SessionOperatorHarness.record("s", null, "x", 0);
        try {
            LogicFailedException.guarding(() -> {
                throw new IllegalStateException("first line\nsecond line" + "x".repeat(1_000_000));
            });
        } catch (LogicFailedException failure) {
            DeadLetter letter = errors.letter(record, failure);
            assertThat(letter.exception()).hasLineCount(1).hasSizeLessThan(600);
            assertThat(letter.message()).hasLineCount(1).hasSizeLessThan(1000);
        }
    }
}
