package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.session.SessionOperatorHarness.Subtask;
import org.junit.jupiter.api.Test;

/** Idle sessions are forgotten, busy ones are not. */
class SessionTtlTest {
    private static final long TTL_MILLIS = 1600;
    private static final long STEP_MILLIS = 100;

    private final ControlledService service = new ControlledService();

    private SessionOperatorHarness<String> start(Subtask subtask) throws Exception {
        RetrySettings patient = new RetrySettings(1, 1_000_000, 0, 0, 0);
        return SessionOperatorHarness.appending(
                subtask, service, new SessionSettings(100, 32, patient, ServiceFailurePolicy.FAIL_JOB, TTL_MILLIS));
    }

    @Test
    void anIdleSessionIsForgottenAndNothingOfItIsLeft() throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            operator.process("a", "x");
            operator.answer(service, "a:x");
            operator.atMillis(TTL_MILLIS - 1);
            assertThat(operator.states()).containsExactly("a:x");
            operator.atMillis(TTL_MILLIS + STEP_MILLIS);
            assertThat(operator.flink.numKeyedStateEntries()).isZero();
            assertThat(operator.flink.numProcessingTimeTimers()).isZero();
            operator.process("a", "y"); // begins afresh
            assertThat(service.waitingPaths()).containsExactly("a:y");
        }
    }

    @Test
    void aSessionThatIsUsedLivesOnWithOneTimer() throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            String text = "a:";
            for (int i = 0; i < 40; i++) {
                operator.atMillis(i * TTL_MILLIS / 2);
                operator.process("a", "x");
                text += "x";
                operator.answer(service, text);
                assertThat(operator.flink.numProcessingTimeTimers()).isEqualTo(1);
            }
            assertThat(operator.states()).containsExactly(text);
        }
    }

    @Test
    void aSessionIsKeptWhileAnElementOfItIsInFlight() throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            operator.process("a", "x");
            operator.answer(service, "a:x");
            operator.process("a", "y");
            operator.atMillis(10 * TTL_MILLIS);
            assertThat(operator.states()).containsExactly("a:x");
            operator.answer(service, "a:xy");
            operator.atMillis(11 * TTL_MILLIS - 1);
            assertThat(operator.states()).containsExactly("a:xy");
            operator.atMillis(13 * TTL_MILLIS);
            assertThat(operator.states()).isEmpty();
        }
    }

    @Test
    void aSessionThatHasEndedLeavesNoTimer() throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            operator.process("a", "x");
            operator.answer(service, "a:x");
            operator.process("a", "end", "");
            assertThat(operator.flink.numKeyedStateEntries()).isZero();
            assertThat(operator.flink.numProcessingTimeTimers()).isZero();
        }
    }

    @Test
    void theTimeToLiveGoesOnAfterARestore() throws Exception {
        var before = start(Subtask.FRESH);
        before.process("a", "x");
        before.answer(service, "a:x");
        var state = before.flink.snapshot(1, 1);
        before.close();
        try (var operator = start(Subtask.restored(state))) {
            assertThat(operator.states()).containsExactly("a:x");
            operator.atMillis(TTL_MILLIS + STEP_MILLIS);
            assertThat(operator.states()).isEmpty();
        }
    }
}
