package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.RecordHeader;
import io.bytelm.record.SourcePosition;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.util.function.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a full operator does for a checkpoint, and what becomes of the records that it took beyond its bounds. */
@Timeout(60)
class FullOperatorTest {
    private static final int CAPACITY = 2;

    private final ControlledService service = new ControlledService();

    private static SessionSettings settings(long maxHeldBytes) {
        return new SessionSettings(
                CAPACITY,
                1,
                maxHeldBytes,
                32,
                RetrySettings.DEFAULT,
                BreakerSettings.DEFAULT,
                ServiceFailurePolicy.FAIL_JOB,
                0);
    }

    private SessionOperatorHarness<String> start(Subtask subtask) throws Exception {
        return SessionOperatorHarness.appending(subtask, service, settings(1 << 20));
    }

    private SessionOperatorHarness<String> full() throws Exception {
        SessionOperatorHarness<String> operator = start(Subtask.FRESH);
        operator.process("a", "x");
        operator.process("b", "x");
        return operator;
    }

    /** Runs while the operator waits for room. */
    private static void mail(SessionOperatorHarness<String> operator, ThrowingRunnable<Exception> mail) {
        operator.flink.getTaskMailbox().put(new Mail(mail, 0, "test"));
    }

    @Test
    void theRecordThatWaitsForRoomIsInASnapshotTakenMeanwhile() throws Exception {
        List<OperatorSubtaskState> states = new ArrayList<>();
        try (var operator = full()) {
            mail(operator, () -> states.add(operator.flink.snapshot(1, 1)));
            mail(operator, () -> service.answer("a:x"));
            operator.process("c", "x");
            assertThat(service.waitingPaths()).containsExactly("b:x", "c:x");
        }
        try (var operator = start(Subtask.restored(states.get(0)))) {
            assertThat(operator.keysIn("in-flight")).containsExactly("a", "b", "c");
        }
    }

    @Test
    void onceACheckpointHasBegunRecordsAreTakenUntilItsSnapshotAndWaitForTheirTurn() throws Exception {
        try (var operator = full()) {
            mail(operator, () -> operator.beginCheckpoint(1));
            for (String session : List.of("c", "d", "c", "a", "e", "a")) {
                operator.process(session, "y");
            }
            assertThat(service.waitingPaths())
                    .as("no more sessions than before")
                    .containsExactly("a:x", "b:x");
            operator.flink.snapshot(1, 1);
            assertThat(operator.keysIn("in-flight")).containsExactly("a", "b", "c", "d", "e");

            mail(operator, () -> operator.answer(service, "b:x", "c:y", "c:yy", "d:y", "e:y", "a:x", "a:xy"));
            operator.process("f", "z"); // waits again, until nobody else does
            assertThat(operator.scores()).containsExactly("b=1", "c=1", "c=2", "d=1", "e=1", "a=1", "a=2");
            operator.answer(service, "a:xyy", "f:z");
            assertThat(operator.states()).containsExactly("a:xyy", "b:x", "c:yy", "d:y", "e:y", "f:z");
        }
    }

    @Test
    void aCheckpointThatWasGivenUpIsNoReasonToTakeMore() throws Exception {
        try (var operator = full()) {
            operator.beginCheckpoint(7);
            operator.process("c", "x");
            operator.flink.getOperator().notifyCheckpointAborted(7);
            mail(operator, () -> operator.beginCheckpoint(7)); // an answer that was under way
            List<String> waiting = new ArrayList<>();
            mail(operator, () -> waiting.addAll(service.waitingPaths()));
            mail(operator, () -> operator.answer(service, "a:x", "b:x"));
            operator.process("d", "x");
            assertThat(waiting).containsExactly("a:x", "b:x");
            assertThat(service.waitingPaths()).containsExactly("c:x", "d:x");
        }
    }

    @Test
    void memoryIsBoundedAlsoForACheckpoint() {
        InFlightElements inFlight = new InFlightElements(settings(8 << 20));
        String mebibyte = "x".repeat(1 << 20);
        for (int i = 0; i < 4 * 8; i++) {
            assertThat(inFlight.isAtLimit()).as("after %d MiB", i).isFalse();
            inFlight.add(element("s" + i, mebibyte, i));
        }
        assertThat(inFlight.isAtLimit()).isTrue();
        inFlight.removeFirst("s0");
        assertThat(inFlight.isAtLimit()).isFalse();
    }

    @Test
    void recordsWithoutContentTakeMemoryToo() {
        InFlightElements inFlight = new InFlightElements(settings(1));
        int records = 0;
        while (!inFlight.isAtLimit()) {
            inFlight.add(element("s", "", records++));
        }
        assertThat(records).isLessThan(100_000);
    }

    private static InFlightElement element(String session, String text, long offset) {
        return new InFlightElement(
                session,
                SessionOperatorHarness.record(session, null, text, offset),
                InFlightElement.NO_TIMESTAMP,
                0,
                new WatermarkHold.Epoch());
    }

    @Test
    void headersTakeMemoryLikeValues() {
        InFlightElements inFlight = new InFlightElements(settings(8 << 20));
        List<RecordHeader> headers =
                List.of(new RecordHeader("picture", new byte[1 << 20]), new RecordHeader("", null));
        for (int i = 0; i < 4 * 8; i++) {
            assertThat(inFlight.isAtLimit()).as("after %d MiB", i).isFalse();
            InputRecord record =
                    new InputRecord(new byte[] {'s'}, null, null, null, headers, new SourcePosition("in", 0, i, 0));
            inFlight.add(new InFlightElement("s" + i, record, 0, 0, new WatermarkHold.Epoch()));
        }
        assertThat(inFlight.isAtLimit()).isTrue();
        for (int i = 0; i < 4 * 8; i++) {
            inFlight.removeFirst("s" + i);
        }
        assertThat(inFlight.bytes()).isZero();
    }

    @Test
    void moreThanTheCapacityIsRestoredAndNoMoreThanThatIsWorkedOn() throws Exception {
        OperatorSubtaskState state;
        int sessions = 20;
        try (var operator = full()) {
            operator.beginCheckpoint(1);
            for (int i = 0; i < sessions; i++) {
                operator.process("s" + i, "x");
            }
            state = operator.flink.snapshot(1, 1);
        }
        service.waiting().forEach(ControlledService.Call::complete);
        try (var operator = start(Subtask.restored(state))) {
            operator.runMails();
            int most = 0;
            while (!service.waiting().isEmpty()) {
                most = Math.max(most, service.waiting().size());
                service.waiting().get(0).complete();
                operator.runMails();
            }
            assertThat(most).isEqualTo(CAPACITY);
            assertThat(operator.states()).hasSize(sessions + CAPACITY);
            assertThat(operator.scores())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, sessions + CAPACITY)
                            .mapToObj(i -> i < sessions ? "s" + i + "=1" : i == sessions ? "a=1" : "b=1")
                            .toList());
        }
    }
}
