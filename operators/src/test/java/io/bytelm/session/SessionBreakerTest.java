package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ModelException;
import io.bytelm.session.ControlledService.Call;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A service that is gone or slow: it is left alone, nobody's attempts are used up, and nothing grows. */
class SessionBreakerTest {
    private static final int ATTEMPTS = 5;
    private static final long TIMEOUT_MILLIS = 1000;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;
    private static final long MINUTE_MILLIS = 60_000;

    private final ControlledService service = new ControlledService();

    private SessionOperatorHarness<String> start(ServiceFailurePolicy policy) throws Exception {
        RetrySettings retry = new RetrySettings(ATTEMPTS, TIMEOUT_MILLIS, 10, 40, 42);
        BreakerSettings breaker = new BreakerSettings(3, FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
        return SessionOperatorHarness.appending(
                Subtask.FRESH, service, new SessionSettings(100, 1000, 1 << 20, 32, retry, breaker, policy, 0));
    }

    private void failAllThatWait(SessionOperatorHarness<String> operator) throws Exception {
        for (Call call : service.waiting()) {
            call.answer().completeExceptionally(new ModelException("connection refused"));
        }
        operator.runMails();
    }

    @Test
    void afterSomeFailuresInARowCallsWaitAndOneProbeOpensTheWayAgain() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            for (String session : List.of("a", "b", "c")) {
                operator.process(session, "x");
            }
            failAllThatWait(operator);
            operator.process("d", "x");
            operator.atMillis(FIRST_PAUSE_MILLIS / 2 - 1);
            assertThat(service.waitingPaths()).isEmpty();
            operator.atMillis(FIRST_PAUSE_MILLIS);
            assertThat(service.waitingPaths()).hasSize(1);
            operator.process("e", "x");
            operator.atMillis(FIRST_PAUSE_MILLIS + TIMEOUT_MILLIS / 2);
            assertThat(service.waitingPaths()).as("only the probe is out").hasSize(1);
            service.waiting().get(0).complete();
            operator.runMails();
            operator.atMillis(
                    FIRST_PAUSE_MILLIS + TIMEOUT_MILLIS / 2 + 40); // those that failed first come after a pause
            assertThat(service.waitingPaths()).hasSize(4);
            operator.answer(service, service.waitingPaths().toArray(new String[0]));
            assertThat(operator.scores()).containsExactlyInAnyOrder("a=1", "b=1", "c=1", "d=1", "e=1");
        }
    }

    @Test
    void failuresBetweenAnswersDoNotOpenIt() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            for (int round = 0; round < 4; round++) {
                operator.process("bad" + round, "x");
                operator.process("good" + round, "x");
                service.fail("bad" + round + ":x", new ModelException("no"));
                operator.answer(service, "good" + round + ":x");
            }
            operator.atMillis(10);
            assertThat(service.waitingPaths()).hasSize(4);
        }
    }

    @Test
    void aServiceThatIsGoneForAMinuteUsesUpNobodysAttempts() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            sendOneRecordOfEachSession(operator, 50);
            for (long nowMillis = 0; nowMillis < MINUTE_MILLIS; nowMillis += 10) {
                operator.atMillis(nowMillis);
                failAllThatWait(operator);
            }
            assertThat(operator.scores()).isEmpty();
            assertThat(requestsEver(50)).as("requests in that minute").isBetween(50, 70);
            answerAllUntil(operator, MINUTE_MILLIS, 2 * LONGEST_PAUSE_MILLIS);
            assertThat(operator.scores()).hasSize(50);
        }
    }

    @Test
    void evenASingleSessionSurvivesAServiceThatIsGoneForHalfAMinute() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("s0", "x");
            for (long nowMillis = 0; nowMillis < MINUTE_MILLIS / 2; nowMillis += 10) {
                operator.atMillis(nowMillis);
                failAllThatWait(operator);
            }
            answerAllUntil(operator, MINUTE_MILLIS / 2, 2 * LONGEST_PAUSE_MILLIS);
            assertThat(operator.scores()).containsExactly("s0=1");
        }
    }

    @Test
    void aServiceThatHangsForAMinuteFailsNothingAndIsAskedLittle() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            sendOneRecordOfEachSession(operator, 50);
            for (long nowMillis = 0; nowMillis < MINUTE_MILLIS; nowMillis += 100) {
                operator.atMillis(nowMillis);
            }
            assertThat(requestsEver(50)).isBetween(50, 70);
            answerAllUntil(operator, MINUTE_MILLIS, 2 * LONGEST_PAUSE_MILLIS);
            assertThat(operator.scores()).hasSize(50);
        }
    }

    private static void sendOneRecordOfEachSession(SessionOperatorHarness<String> operator, int sessions)
            throws Exception {
        for (int session = 0; session < sessions; session++) {
            operator.process("s" + session, "x");
        }
    }

    private int requestsEver(int sessions) {
        return IntStream.range(0, sessions)
                .map(session -> service.calls("s" + session + ":x").size())
                .sum();
    }

    private void answerAllUntil(SessionOperatorHarness<String> operator, long fromMillis, long forMillis)
            throws Exception {
        for (long nowMillis = fromMillis; nowMillis < fromMillis + forMillis; nowMillis += 10) {
            operator.atMillis(nowMillis);
            service.waiting().forEach(Call::complete);
            operator.runMails();
        }
    }
}
