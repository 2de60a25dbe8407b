package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.ModelException;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import org.junit.jupiter.api.Test;

/** Timeouts, retries, late answers, and what is left when the last attempt has failed. */
class SessionRetryTest {
    private static final long TIMEOUT_MILLIS = 1000;
    private static final long MAX_BACKOFF_MILLIS = 40;
    private final ModelException failure = new ModelException("out of memory");

    private final ControlledService service = new ControlledService();

    private SessionOperatorHarness<String> start(int attempts, ServiceFailurePolicy policy) throws Exception {
        RetrySettings retry = new RetrySettings(attempts, TIMEOUT_MILLIS, 10, MAX_BACKOFF_MILLIS, 42);
        return SessionOperatorHarness.appending(Subtask.FRESH, service, new SessionSettings(100, 32, retry, policy, 0));
    }

    @Test
    void aFailedAttemptIsMadeAgainAfterAPause() throws Exception {
        try (var operator = start(3, ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "x");
            service.fail("a:x", failure);
            operator.runMails();
            assertThat(service.waitingPaths()).isEmpty();
            operator.atMillis(4); // a jittered pause of 10 ms is at least 5 ms
            assertThat(service.waitingPaths()).isEmpty();
            operator.atMillis(10);
            assertThat(service.waitingPaths()).containsExactly("a:x");
            operator.answer(service, "a:x");
            assertThat(operator.scores()).containsExactly("a=1");
        }
    }

    @Test
    void oneFailedRequestFailsTheWholeAskAndAllOfItIsAskedAgain() throws Exception {
        try (var operator = start(2, ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "pair", "xy");
            service.answer("a:x");
            service.fail("a:y", failure);
            operator.runMails();
            operator.atMillis(10);
            assertThat(service.waitingPaths()).containsExactly("a:x", "a:y");
            operator.answer(service, "a:x", "a:y");
            assertThat(operator.scores()).containsExactly("a=2");
        }
    }

    @Test
    void anAnswerThatComesAfterItsTimeoutIsIgnored() throws Exception {
        try (var operator = start(2, ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "x");
            operator.atMillis(TIMEOUT_MILLIS);
            operator.atMillis(TIMEOUT_MILLIS + 10);
            assertThat(service.calls("a:x")).hasSize(2);
            service.calls("a:x").get(0).answer().complete(ControlledService.answerOf(-99));
            operator.runMails();
            assertThat(operator.scores()).isEmpty();
            operator.answer(service, "a:x");
            assertThat(operator.scores()).containsExactly("a=1");
            assertThat(operator.output.scores().get(0).chunkLogLikelihood()).isGreaterThan(-3);
        }
    }

    @Test
    void anAnswerThatCameInTimeButWaitsForItsMailIsLateToo() throws Exception {
        try (var operator = start(2, ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "x");
            service.answer("a:x");
            operator.flink.setProcessingTime(TIMEOUT_MILLIS); // fires before the mail runs
            operator.runMails();
            assertThat(operator.scores()).isEmpty();
            operator.atMillis(TIMEOUT_MILLIS + 10);
            operator.answer(service, "a:x");
            assertThat(operator.scores()).containsExactly("a=1");
        }
    }

    @Test
    void everyAttemptHasItsOwnTimeout() throws Exception {
        try (var operator = start(2, ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "x");
            operator.atMillis(600);
            operator.process("b", "x");
            operator.atMillis(TIMEOUT_MILLIS);
            operator.atMillis(TIMEOUT_MILLIS + 10);
            assertThat(service.calls("a:x")).hasSize(2);
            assertThat(service.calls("b:x")).hasSize(1);
            operator.atMillis(600 + TIMEOUT_MILLIS);
            operator.atMillis(610 + TIMEOUT_MILLIS);
            assertThat(service.calls("b:x")).hasSize(2);
            operator.answer(service, "a:x", "b:x");
            assertThat(operator.scores()).containsExactly("a=1", "b=1");
        }
    }

    @Test
    void theJobFailsAfterTheLastAttemptAndSaysWhy() throws Exception {
        try (var operator = start(2, ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "x");
            service.fail("a:x", failure);
            operator.runMails();
            operator.atMillis(10);
            service.fail("a:x", failure);
            assertThatThrownBy(operator::runMails)
                    .hasMessage("record at offset 0 of in-0: the service failed 2 times, last with: out of memory")
                    .hasCause(failure);
        }
    }

    @Test
    void orTheRecordBecomesADeadLetterAndItsSessionGoesOnWithoutIt() throws Exception {
        try (var operator = start(1, ServiceFailurePolicy.DEAD_LETTER)) {
            operator.process("a", "x");
            operator.process("a", "y");
            operator.process("a", "z");
            operator.answer(service, "a:x");
            service.fail("a:xy", failure);
            operator.runMails();
            operator.answer(service, "a:xz");
            assertThat(operator.scores()).containsExactly("a=1", "a=2");
            assertThat(operator.states()).containsExactly("a:xz");
            assertThat(operator.output.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(DeadLetters.SERVICE_FAILED);
                assertThat(letter.input()).isEqualTo(SessionOperatorHarness.record("a", null, "y", 1));
                assertThat(letter.message()).contains("out of memory");
            });
        }
    }

    @Test
    void aTimeoutOfTheLastAttemptEndsInADeadLetterToo() throws Exception {
        try (var operator = start(1, ServiceFailurePolicy.DEAD_LETTER)) {
            operator.process("a", "x");
            operator.atMillis(TIMEOUT_MILLIS);
            assertThat(operator.deadLetters()).containsExactly(DeadLetters.SERVICE_FAILED);
            assertThat(operator.output.deadLetters().get(0).message()).contains("within 1000 ms");
        }
    }

    @Test
    void anAnswerThatIsNoLogMassCountsAsAFailure() throws Exception {
        try (var operator = start(2, ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "x");
            service.calls("a:x").get(0).answer().complete(ControlledService.answerOf(Double.NaN));
            operator.runMails();
            assertThat(operator.scores()).isEmpty();
            operator.atMillis(10);
            operator.answer(service, "a:x");
            assertThat(operator.scores()).containsExactly("a=1");
        }
    }

    @Test
    void aScoreThatIsNoFiniteNumberBecomesADeadLetter() throws Exception {
        try (var operator = start(1, ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "x");
            service.calls("a:x").get(0).answer().complete(ControlledService.answerOf(Double.NEGATIVE_INFINITY));
            operator.runMails();
            assertThat(operator.scores()).isEmpty();
            assertThat(operator.deadLetters()).containsExactly(DeadLetters.NOT_FINITE);
            assertThat(operator.states()).isEmpty();
        }
    }
}
