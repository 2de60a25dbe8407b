package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ModelException;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Who is worked on where there is room for the states of one session only, or of few. */
class SessionRoomTest {
    private final ControlledService service = new ControlledService(1);

    private SessionOperatorHarness<String> start(ServiceFailurePolicy policy) throws Exception {
        RetrySettings once = new RetrySettings(1, 1000, 0, 0, 0);
        return SessionOperatorHarness.appending(Subtask.FRESH, service, new SessionSettings(100, 32, once, policy, 0));
    }

    @Test
    void aSessionWaitsUntilThereIsRoom() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            for (String session : List.of("a", "b", "c")) {
                operator.process(session, "x");
            }
            assertThat(service.waitingPaths()).containsExactly("a:x");
            operator.answer(service, "a:x");
            assertThat(service.waitingPaths()).containsExactly("b:x");
            operator.answer(service, "b:x", "c:x");
            assertThat(operator.scores()).containsExactly("a=1", "b=1", "c=1");
            assertThat(service.room().takenTokens()).isZero();
        }
    }

    @Test
    void oneThatHasMoreToDoGoesOnAsLongAsReadingItAgainWouldCostMuchAndThenLetsOthersHaveTheirTurn() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            for (String byteOfA : List.of("p", "q", "r")) {
                operator.process("a", byteOfA);
            }
            operator.process("b", "x");
            operator.answer(service, "a:p");
            assertThat(service.waitingPaths()).as("a token asked for").containsExactly("a:pq");
            operator.answer(service, "a:pq");
            assertThat(service.waitingPaths()).as("two asked for").containsExactly("b:x");
            operator.answer(service, "b:x", "a:pqr");
            assertThat(operator.scores()).containsExactly("a=1", "a=2", "b=1", "a=3");
        }
    }

    @Test
    void oneThatHasMoreToDoGoesOnWhereNobodyWaits() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            String text = "";
            for (int record = 0; record < 10; record++) {
                operator.process("a", "x");
            }
            for (int record = 0; record < 10; record++) {
                text += "x";
                operator.answer(service, "a:" + text);
            }
            assertThat(operator.scores()).hasSize(10);
        }
    }

    @Test
    void aRecordThatIsLargerThanTheRoomIsReadAlone() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("small", "x");
            operator.process("huge", "pair", "x".repeat(100));
            operator.process("late", "x");
            operator.answer(service, "small:x");
            assertThat(service.waitingPaths()).hasSize(RequestSlices.SLICE).allMatch(path -> path.startsWith("huge"));
            for (int slice = 0; slice < 2; slice++) {
                assertThat(service.waitingPaths()).allMatch(path -> path.startsWith("huge"));
                service.waiting().forEach(ControlledService.Call::complete);
                operator.runMails();
            }
            operator.answer(service, "late:x");
            assertThat(operator.scores()).containsExactly("small=1", "huge=100", "late=1");
        }
    }

    @Test
    void whatDoesNotAskTheModelWaitsForNoRoom() throws Exception {
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "x");
            operator.process("b", "nonsense", "x");
            operator.process("c", "end", "");
            assertThat(operator.deadLetters()).containsExactly("unknown-op");
            assertThat(operator.scores()).containsExactly("c=0");
        }
    }

    @Test
    void oneThatIsGivenUpLeavesItsRoomToTheNext() throws Exception {
        try (var operator = start(ServiceFailurePolicy.DEAD_LETTER)) {
            operator.process("a", "x");
            operator.process("b", "x");
            service.fail("a:x", new ModelException("no"));
            operator.runMails();
            operator.answer(service, "b:x");
            assertThat(operator.deadLetters()).containsExactly(DeadLetters.SERVICE_FAILED);
            assertThat(operator.scores()).containsExactly("b=1");
        }
    }

    @Test
    void whoWaitsIsInTheSnapshotAndGoesOnAfterARestore() throws Exception {
        OperatorSubtaskState snapshot;
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            operator.process("a", "x");
            operator.process("b", "x");
            snapshot = operator.flink.snapshot(1, 1);
        }
        ControlledService next = new ControlledService(1);
        try (var operator =
                SessionOperatorHarness.appending(Subtask.restored(snapshot), next, SessionSettings.DEFAULT)) {
            operator.runMails();
            while (!next.waiting().isEmpty()) {
                next.waiting().get(0).complete();
                operator.runMails();
            }
            assertThat(operator.scores()).containsExactlyInAnyOrder("a=1", "b=1");
        }
    }

    @Test
    void subtasksThatShareTheServiceShareTheRoomAndOneThatClosesLeavesIt() throws Exception {
        SessionOperatorHarness<String> closing = start(ServiceFailurePolicy.FAIL_JOB);
        try (var operator = start(ServiceFailurePolicy.FAIL_JOB)) {
            closing.process("a", "x");
            operator.process("b", "x");
            assertThat(service.waitingPaths()).containsExactly("a:x");
            closing.flink.getOperator().close();
            operator.runMails();
            assertThat(service.calls("b:x")).hasSize(1);
        }
    }

    @Test
    void howManySessionsWaitAndHowMuchRoomIsTakenIsShown() throws Exception {
        try (var operator = new MeteredOperator(new SessionOperatorFactory<>(
                () -> service, service -> new AppendingLogic(), Types.STRING, SessionSettings.DEFAULT))) {
            for (int session = 0; session < 5; session++) {
                operator.process(SessionOperatorHarness.record("s" + session, null, "x", session));
            }
            assertThat(operator.gauge("sessionsWaitingForRoom")).isEqualTo(4L);
            assertThat(operator.gauge("serviceRoomTokens")).isEqualTo(1L);
            assertThat(operator.gauge("serviceRoomTokensTaken")).isEqualTo(1L);
            IntStream.range(0, 5).forEach(session -> {
                service.answer("s" + session + ":x");
                run(operator);
            });
            assertThat(operator.gauge("sessionsWaitingForRoom")).isEqualTo(0L);
            assertThat(operator.gauge("serviceRoomTokensTaken")).isEqualTo(0L);
        }
    }

    private static void run(MeteredOperator operator) {
        try {
            operator.runMails();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
