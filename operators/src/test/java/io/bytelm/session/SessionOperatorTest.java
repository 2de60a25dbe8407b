package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.Step;
import io.bytelm.lm.ModelException;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.sorted.state.BatchExecutionStateBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Order, concurrency, fairness, back-pressure, the end of input, and closing. */
@Timeout(60)
class SessionOperatorTest {
    private final ControlledService service = new ControlledService();

    private static SessionSettings settings(int capacity, int continuationsPerMail) {
        return new SessionSettings(
                capacity, continuationsPerMail, RetrySettings.DEFAULT, ServiceFailurePolicy.FAIL_JOB, 0);
    }

    @Test
    void aSessionWorksOnOneElementAtATimeAndSessionsRunConcurrently() throws Exception {
        try (var operator = SessionOperatorHarness.appending(service)) {
            operator.process("a", "x");
            operator.process("a", "y");
            operator.process("b", "z");
            assertThat(service.waitingPaths()).containsExactly("a:x", "b:z");

            operator.answer(service, "b:z");
            assertThat(operator.scores()).containsExactly("b=1");
            operator.answer(service, "a:x", "a:xy");
            assertThat(operator.scores()).containsExactly("b=1", "a=1", "a=2");
            assertThat(operator.states()).containsExactly("a:xy", "b:z");
        }
    }

    @Test
    void allRequestsOfOneAskAreIssuedAtOnceAndTheirAnswersKeepTheirOrder() throws Exception {
        try (var operator = SessionOperatorHarness.appending(service)) {
            operator.process("a", "pair", "xyz");
            assertThat(service.waitingPaths()).containsExactly("a:x", "a:y", "a:z");
            operator.answer(service, "a:z", "a:x");
            assertThat(operator.scores()).isEmpty();
            operator.answer(service, "a:y");
            double expected = mass("a:x") + 2 * mass("a:y") + 3 * mass("a:z");
            assertThat(operator.output.scores())
                    .extracting(Score::chunkLogLikelihood)
                    .containsExactly(expected);
        }
    }

    @Test
    void aStepOfManyRequestsIsAskedInSlicesSoThatOthersHaveTheirTurns() throws Exception {
        String many = "x".repeat(500) + "yz";
        try (var operator = SessionOperatorHarness.appending(service)) {
            operator.process("wide", "pair", many);
            List<Integer> waitingOfWide = new ArrayList<>();
            for (int turn = 0; turn < 8; turn++) {
                operator.process("s" + turn, "x");
                waitingOfWide.add(service.waiting().size() - 1);
                service.waiting().forEach(ControlledService.Call::complete);
                operator.runMails();
                assertThat(operator.scores()).contains("s" + turn + "=1");
            }
            assertThat(waitingOfWide).containsExactly(64, 64, 64, 64, 64, 64, 64, 502 - 7 * 64);
            double expected = 500 * 501 / 2 * mass("wide:x") + 501 * mass("wide:y") + 502 * mass("wide:z");
            assertThat(operator.output.scores())
                    .filteredOn(score -> new String(score.session(), UTF_8).equals("wide"))
                    .singleElement()
                    .satisfies(score -> assertThat(score.chunkLogLikelihood()).isCloseTo(expected, within(1e-6)));
        }
    }

    @Test
    void aSliceThatFailsFailsTheStep() throws Exception {
        SessionSettings once = new SessionSettings(
                10, 32, new RetrySettings(1, 1_000_000, 0, 0, 0), ServiceFailurePolicy.DEAD_LETTER, 0);
        try (var operator = SessionOperatorHarness.appending(Subtask.FRESH, service, once)) {
            operator.process("wide", "pair", "x".repeat(100));
            service.waiting().forEach(ControlledService.Call::complete);
            operator.runMails();
            service.waiting().get(0).answer().completeExceptionally(new ModelException("broken"));
            operator.runMails();
            assertThat(operator.deadLetters()).containsExactly("service-failed");
            assertThat(operator.scores()).isEmpty();
        }
    }

    /** The toy session, whose outputs take much room until they are committed. */
    private static final class Talkative implements SessionLogic<String> {
        private final AppendingLogic appending = new AppendingLogic();

        @Override
        public Step<Transition<String>> onRecord(@Nullable String state, InputRecord record) {
            return appending.onRecord(state, record);
        }

        @Override
        public long mostOutputBytes(@Nullable String state, InputRecord record) {
            return 1000;
        }
    }

    @Test
    void outputsThatAreNotCommittedYetTakeRoom() throws Exception {
        ExecutorService serviceThread = Executors.newSingleThreadExecutor();
        SessionSettings small = new SessionSettings(
                100, 100, 3500, 32, RetrySettings.DEFAULT, BreakerSettings.DEFAULT, ServiceFailurePolicy.FAIL_JOB, 0);
        try (var operator =
                new SessionOperatorHarness<>(Subtask.FRESH, service, new Talkative(), Types.STRING, small)) {
            operator.process("a", "x");
            operator.process("b", "x");
            operator.process("c", "x");
            Future<?> later = serviceThread.submit(() -> {
                Thread.sleep(100);
                assertThat(service.waitingPaths()).containsExactly("a:x", "b:x", "c:x", "d:x");
                service.answer("a:x");
                return null;
            });
            operator.process("d", "x"); // with it 4,008 bytes are held, so the input waits until one of them is done
            later.get();
            assertThat(operator.scores()).containsExactly("a=1");
            operator.answer(service, "b:x", "c:x", "d:x");
            assertThat(operator.scores()).hasSize(4);
        } finally {
            serviceThread.shutdown();
        }
    }

    private static double mass(String path) {
        return ControlledService.logMassOf(path.getBytes(UTF_8));
    }

    @Test
    void whatTheLogicRefusesGoesToTheSideOutputAndChangesNothing() throws Exception {
        try (var operator = SessionOperatorHarness.appending(service)) {
            operator.process("a", "nonsense", "x");
            assertThat(operator.deadLetters()).containsExactly("unknown-op");
            assertThat(operator.scores()).isEmpty();
            assertThat(operator.states()).isEmpty();
        }
    }

    @Test
    void aFullOperatorTakesTheNextElementWhenOneIsDone() throws Exception {
        ExecutorService serviceThread = Executors.newSingleThreadExecutor();
        try (var operator = SessionOperatorHarness.appending(Subtask.FRESH, service, settings(2, 32))) {
            operator.process("a", "x");
            operator.process("b", "x");
            Future<?> later = serviceThread.submit(() -> {
                Thread.sleep(100);
                assertThat(service.waitingPaths()).containsExactly("a:x", "b:x");
                service.answer("a:x");
                return null;
            });
            operator.process("c", "x"); // returns once a mail of session a has run, with a as the current key
            later.get();
            assertThat(operator.scores()).containsExactly("a=1");
            assertThat(service.waitingPaths()).containsExactly("b:x", "c:x");
            operator.answer(service, "c:x", "b:x");
            assertThat(operator.states()).containsExactly("a:x", "b:x", "c:x");
        } finally {
            serviceThread.shutdown();
        }
    }

    @Test
    void answersThatComeTogetherShareOneMail() throws Exception {
        try (var operator = SessionOperatorHarness.appending(service)) {
            for (String session : List.of("a", "b", "c")) {
                operator.process(session, "x");
            }
            service.waiting().forEach(ControlledService.Call::complete);
            assertThat(operator.waitingMails()).isEqualTo(1);
            operator.runOneMail();
            assertThat(operator.scores()).containsExactly("a=1", "b=1", "c=1");
            assertThat(operator.waitingMails()).isZero();
        }
    }

    @Test
    void oneMailDoesABoundedNumberOfStepsAndSessionsTakeTurns() throws Exception {
        try (var operator = SessionOperatorHarness.appending(Subtask.FRESH, service, settings(100, 2))) {
            for (String text : List.of("1", "2", "3")) {
                operator.process("hot", "end", text); // needs no answer, so it could go on and on
            }
            operator.process("hot", "x");
            operator.process("hot", "end", "4");
            operator.process("cold", "y");
            service.waiting().forEach(ControlledService.Call::complete);
            assertThat(operator.scores()).containsExactly("hot=0", "hot=0", "hot=0");
            operator.runOneMail();
            assertThat(operator.scores()).endsWith("hot=1", "cold=1");
            assertThat(operator.waitingMails()).isEqualTo(1);
            operator.runOneMail();
            assertThat(operator.scores()).endsWith("hot=1", "cold=1", "hot=1");
            assertThat(operator.waitingMails()).isZero();
        }
    }

    @Test
    void theEndOfInputWaitsForEveryElement() throws Exception {
        ExecutorService serviceThread = Executors.newSingleThreadExecutor();
        try (var operator = SessionOperatorHarness.appending(service)) {
            operator.process("a", "x");
            operator.process("a", "end", "");
            operator.process("b", "x");
            Future<?> later = serviceThread.submit(() -> {
                Thread.sleep(50);
                service.answer("b:x");
                Thread.sleep(50);
                service.answer("a:x");
                return null;
            });
            operator.flink.endInput();
            later.get();
            assertThat(operator.scores()).containsExactly("b=1", "a=1", "a=1");
        } finally {
            serviceThread.shutdown();
        }
    }

    @Test
    void closingFreesTheServiceAndIgnoresWhatItStillAnswers() throws Exception {
        var operator = SessionOperatorHarness.appending(service);
        operator.process("a", "x");
        operator.process("b", "x");
        service.answer("b:x"); // its mail is out but has not run
        operator.close();
        assertThat(service.isClosed()).isTrue();
        operator.runMails();
        assertThat(operator.output.events).isEmpty();
    }

    @Test
    void aServiceThatIsClosedBeneathTheOperatorFailsTheJobWithoutRetries() throws Exception {
        try (var operator = SessionOperatorHarness.appending(service)) {
            operator.process("a", "x");
            service.close();
            assertThatThrownBy(operator::runMails).hasMessageContaining("closed");
        }
    }

    @Test
    void batchModeIsRefusedBecauseItWouldMixSessionsUp() {
        Subtask inBatchMode = new Subtask(0, 1, null, new BatchExecutionStateBackend());
        assertThatThrownBy(() -> SessionOperatorHarness.appending(inBatchMode, service, SessionSettings.DEFAULT))
                .hasMessageContaining("STREAMING");
    }
}
