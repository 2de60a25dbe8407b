package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ModelException;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that a producer sends twice, under the header {@code bytelm.seq}. */
class SessionSequenceTest {
    private static final long TTL_MILLIS = 1600;

    private ControlledService service = new ControlledService();
    private long offset;

    private SessionOperatorHarness<String> start(Subtask subtask) throws Exception {
        RetrySettings once = new RetrySettings(1, 1_000_000, 0, 0, 0);
        service = new ControlledService();
        SessionOperatorHarness<String> operator = SessionOperatorHarness.appending(
                subtask, service, new SessionSettings(100, 32, once, ServiceFailurePolicy.DEAD_LETTER, TTL_MILLIS));
        operator.runMails();
        return operator;
    }

    private void send(
            SessionOperatorHarness<String> operator, @Nullable String op, @Nullable String sequence, String text)
            throws Exception {
        SourcePosition source = new SourcePosition("in", 0, offset++, 0);
        operator.flink.processElement(
                new StreamRecord<>(new InputRecord(new byte[] {'a'}, op, sequence, text.getBytes(UTF_8), source)));
    }

    private void answerAll(SessionOperatorHarness<String> operator) throws Exception {
        while (!service.waiting().isEmpty()) {
            service.waiting().get(0).complete();
            operator.runMails();
        }
    }

    @Test
    void repeatsAreDroppedWithoutAWordAlsoWhileTheFirstIsInFlight() throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            send(operator, null, "1", "x");
            send(operator, null, "1", "x");
            send(operator, null, "5", "y");
            send(operator, null, "4", "late");
            answerAll(operator);
            send(operator, null, "5", "y");
            send(operator, null, null, "z"); // without a number it is always new
            send(operator, null, "-9223372036854775808", "x");
            answerAll(operator);
            assertThat(operator.states()).containsExactly("a:xyz");
            assertThat(operator.scores()).containsExactly("a=1", "a=2", "a=3");
            assertThat(operator.deadLetters()).isEmpty();
        }
    }

    @Test
    void repeatsAreKnownAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (var operator = start(Subtask.FRESH)) {
            send(operator, null, "1", "x");
            answerAll(operator);
            send(operator, null, "2", "y"); // in flight in the snapshot
            state = operator.flink.snapshot(1, 1);
        }
        try (var operator = start(Subtask.restored(state))) {
            send(operator, null, "1", "x");
            send(operator, null, "2", "y");
            send(operator, null, "3", "z");
            answerAll(operator);
            assertThat(operator.states()).containsExactly("a:xyz");
            assertThat(operator.scores()).containsExactly("a=2", "a=3");
        }
    }

    @Test
    void aRepeatAfterTheEndOfItsSessionIsDroppedToo() throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            send(operator, null, "1", "x");
            answerAll(operator);
            send(operator, "end", "2", "");
            send(operator, null, "1", "x");
            send(operator, "end", "2", "");
            assertThat(operator.scores()).containsExactly("a=1", "a=1");
            assertThat(operator.states()).isEmpty();
        }
    }

    @Test
    void aRecordThatWasRefusedOrNotAnsweredMayBeSentAgainAsItIs() throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            send(operator, "nonsense", "1", "x");
            send(operator, null, "1", "x");
            answerAll(operator);
            send(operator, null, "2", "y");
            service.fail("a:xy", new ModelException("broken"));
            operator.runMails();
            assertThat(operator.deadLetters()).containsExactly("unknown-op", "service-failed");
            send(operator, null, "2", "y");
            send(operator, null, "2", "y"); // this one is a repeat
            answerAll(operator);
            assertThat(operator.states()).containsExactly("a:xy");
            assertThat(operator.scores()).containsExactly("a=1", "a=2");
        }
    }

    @Test
    void aRefusedRecordLeavesTheNumberBeforeItAsItWas() throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            send(operator, null, "5", "x");
            answerAll(operator);
            send(operator, "nonsense", "9", "");
            send(operator, null, "5", "x");
            send(operator, null, "6", "y");
            answerAll(operator);
            assertThat(operator.states()).containsExactly("a:xy");
            assertThat(operator.deadLetters()).containsExactly("unknown-op");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "+1", "1.0", "one", "9223372036854775808", "٣"})
    void aHeaderThatIsNoNumberIsADeadLetterAndChangesNothing(String malformed) throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            send(operator, null, malformed, "x");
            assertThat(operator.deadLetters()).containsExactly("malformed-sequence");
            assertThat(operator.output.deadLetters().get(0).message()).contains("\"" + malformed + "\"");
            send(operator, null, "1", "x");
            answerAll(operator);
            assertThat(operator.states()).containsExactly("a:x");
        }
    }

    @Test
    void numbersAreForgottenWithTheirSession() throws Exception {
        try (var operator = start(Subtask.FRESH)) {
            send(operator, "end", "7", ""); // leaves a number and no session
            assertThat(operator.keysIn("sequence")).containsExactly("a");
            operator.atMillis(2 * TTL_MILLIS);
            assertThat(operator.keysIn("sequence")).isEmpty();
            send(operator, "end", "7", "");
            assertThat(operator.scores()).hasSize(2);
        }
    }

    @Test
    void recordsWithoutAKeyBelongToNoSessionAndAreAllRefused() throws Exception {
        SessionOperatorHarness<SessionState> operator = new SessionOperatorHarness<>(
                Subtask.FRESH,
                service,
                new ScoringLogic(SessionDefaults.STANDARD, ControlledService.VOCABULARY, Long.MAX_VALUE),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
        try (operator) {
            for (String sequence : new String[] {"2", "1"}) {
                SourcePosition source = new SourcePosition("in", 0, offset++, 0);
                operator.flink.processElement(
                        new StreamRecord<>(new InputRecord(null, null, sequence, new byte[0], source)));
            }
            assertThat(operator.deadLetters()).containsExactly("no-key", "no-key");
        }
    }
}
