package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.bytelm.lm.ModelException;
import io.bytelm.session.ControlledService.Call;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.util.FlinkException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service that answers nothing is given up once for all, with the default settings, by a clock that is moved by hand. */
class ServiceOutageTest {
    private static final long TEN_MINUTES = TimeUnit.MINUTES.toMillis(10);
    private static final long TICK_MILLIS = 100;

    private final ControlledService service = new ControlledService();
    private long nowMillis;

    private SessionOperatorHarness<String> start(ServiceFailurePolicy policy) throws Exception {
        SessionSettings usual = SessionSettings.DEFAULT;
        return SessionOperatorHarness.appending(
                Subtask.FRESH,
                service,
                new SessionSettings(
                        usual.capacity(), usual.continuationsPerMail(), usual.retry(), policy, usual.ttlMillis()));
    }

    private static void sendOneRecordOfEach(SessionOperatorHarness<String> operator, int sessions) throws Exception {
        for (int session = 0; session < sessions; session++) {
            operator.process("s" + session, "x");
        }
    }

    /** @param failsAtOnce else it hangs */
    private void pass(SessionOperatorHarness<String> operator, long millis, boolean failsAtOnce) throws Exception {
        for (long untilMillis = nowMillis + millis; nowMillis < untilMillis; ) {
            nowMillis = Math.min(nowMillis + TICK_MILLIS, untilMillis);
            operator.atMillis(nowMillis);
            if (failsAtOnce) {
                service.waiting()
                        .forEach(call -> call.answer().completeExceptionally(new ModelException("connection refused")));
                operator.runMails();
            }
        }
    }

    /** When the job fails (ms), and how. */
    private record GivenUp(long atMillis, Throwable how) {}

    private @Nullable GivenUp passUntilFailure(
            SessionOperatorHarness<String> operator, long millis, boolean failsAtOnce) {
        Throwable how = catchThrowable(() -> pass(operator, millis, failsAtOnce));
        return how == null ? null : new GivenUp(nowMillis, how);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "256, false", "1, true", "256, true"})
    void theJobFailsTenMinutesAfterTheFirstUnansweredAttemptHoweverManySessionsWait(int sessions, boolean failsAtOnce)
            throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            sendOneRecordOfEach(operator, sessions);
            GivenUp givenUp = passUntilFailure(operator, 2 * TEN_MINUTES, failsAtOnce);
            assertThat(givenUp).isNotNull();
            assertThat(givenUp.atMillis()).isBetween(TEN_MINUTES, TEN_MINUTES + TICK_MILLIS);
            assertThat(givenUp.how())
                    .isInstanceOf(FlinkException.class)
                    .hasMessage("record at offset 0 of in-0: the service has answered nothing for 600000 ms;"
                            + " it failed last with: "
                            + (failsAtOnce ? "connection refused" : "no answer of the service within 60000 ms"));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "256, false", "1, true", "256, true"})
    void orAllRecordsThatWaitBecomeDeadLettersTogetherAndTheirSessionsGoOnWithoutThem(int sessions, boolean failsAtOnce)
            throws Exception {
        try (var operator = start(ServiceFailurePolicy.DEAD_LETTER)) {
            sendOneRecordOfEach(operator, sessions);
            pass(operator, TEN_MINUTES - TICK_MILLIS, failsAtOnce);
            assertThat(operator.deadLetters()).isEmpty();
            pass(operator, 2 * TICK_MILLIS, failsAtOnce);
            assertThat(operator.deadLetters()).hasSize(sessions).containsOnly(DeadLetters.SERVICE_FAILED);

            sendOneRecordOfEach(operator, sessions);
            pass(operator, TEN_MINUTES / 2, failsAtOnce);
            assertThat(operator.deadLetters()).as("later records have as long").hasSize(sessions);
            answerAllFor(operator, TEN_MINUTES / 2);
            assertThat(operator.scores())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, sessions)
                            .mapToObj(session -> "s" + session + "=1")
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "256, false", "1, true", "256, true"})
    void aServiceThatComesBackInTimeCostsNothingButTime(int sessions, boolean failsAtOnce) throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            sendOneRecordOfEach(operator, sessions);
            pass(operator, TEN_MINUTES - TimeUnit.MINUTES.toMillis(1), failsAtOnce); // a pause is at most 30 s
            answerAllFor(operator, TimeUnit.MINUTES.toMillis(2));
            assertThat(operator.scores()).hasSize(sessions);
        }
    }

    @Test
    void anyAnswerBeginsTheTimeAnew() throws Exception {
        try (var operator = start(ServiceFailurePolicy.DEAD_LETTER)) {
            sendOneRecordOfEach(operator, 256);
            for (int flap = 1; flap <= 3; flap++) {
                pass(operator, TEN_MINUTES - TimeUnit.MINUTES.toMillis(1), false);
                answerOne(operator);
                assertThat(operator.scores()).hasSize(flap);
            }
            assertThat(operator.deadLetters()).isEmpty();
            pass(operator, TEN_MINUTES, false);
            assertThat(operator.deadLetters()).hasSize(256 - 3).containsOnly(DeadLetters.SERVICE_FAILED);
        }
    }

    @Test
    void whileNothingIsAskedNoTimePasses() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            sendOneRecordOfEach(operator, 1);
            pass(operator, TEN_MINUTES / 2, false);
            answerAllFor(operator, TimeUnit.MINUTES.toMillis(1));
            pass(operator, 2 * TEN_MINUTES, false);
            operator.process("late", "x");
            pass(operator, TEN_MINUTES - TICK_MILLIS, false);
            assertThat(passUntilFailure(operator, 2 * TICK_MILLIS, false)).isNotNull();
        }
    }

    @Test
    void aRecordThatTheServiceRefusesEachTimeFailsAloneWhileOthersAreAnswered() throws Exception {
        try (var operator = start(ServiceFailurePolicy.DEAD_LETTER)) {
            operator.process("bad", "x");
            for (int round = 0; round < 600 && operator.deadLetters().isEmpty(); round++) {
                operator.process("good" + round, "x");
                service.waiting().stream()
                        .filter(call -> call.path().startsWith("bad"))
                        .forEach(call -> call.answer().completeExceptionally(new ModelException("no such token")));
                service.waiting().forEach(Call::complete);
                pass(operator, 1000, false);
            }
            assertThat(operator.deadLetters()).containsExactly(DeadLetters.SERVICE_FAILED);
            assertThat(operator.output.deadLetters().get(0).message())
                    .isEqualTo("the service failed 5 times, last with: no such token");
            assertThat(nowMillis).isLessThan(TEN_MINUTES / 2);
        }
    }

    @Test
    void whatTimedOutIsNotWantedAnyMore() throws Exception {
        try (var operator = start(ServiceFailurePolicy.DEAD_LETTER)) {
            operator.process("a", "pair", "xy");
            service.answer("a:x");
            pass(operator, SessionSettings.DEFAULT.retry().timeoutMillis(), false);
            assertThat(service.calls("a:y").get(0).answer()).isCancelled();
            pass(operator, TEN_MINUTES, false);
            assertThat(service.waiting()).isEmpty();
            operator.process("a", "z");
            pass(operator, TimeUnit.MINUTES.toMillis(1) / 2, false);
        }
        assertThat(service.calls())
                .filteredOn(call -> call.path().equals("a:z"))
                .isNotEmpty();
        assertThat(service.calls().stream().map(Call::answer)).allMatch(answer -> answer.isDone());
    }

    private void answerOne(SessionOperatorHarness<String> operator) throws Exception {
        while (service.waiting().isEmpty()) {
            pass(operator, TICK_MILLIS, false);
        }
        List<Call> waiting = service.waiting();
        waiting.get(0).complete();
        operator.runMails();
    }

    private void answerAllFor(SessionOperatorHarness<String> operator, long millis) throws Exception {
        for (long untilMillis = nowMillis + millis; nowMillis < untilMillis; ) {
            pass(operator, TICK_MILLIS, false);
            service.waiting().forEach(Call::complete);
            operator.runMails();
        }
    }
}
