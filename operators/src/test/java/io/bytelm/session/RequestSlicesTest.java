package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.session.SessionOperatorHarness.Subtask;
import org.junit.jupiter.api.Test;

/** A session that asks very much in one round takes its turns among the others, at a model that serves who comes first. */
class RequestSlicesTest {
    private static final int REQUESTS = 1024;

    private final ControlledService service = new ControlledService();
    private int answered;

    private void answerOldest(SessionOperatorHarness<String> operator) throws Exception {
        service.calls().get(answered++).complete();
        operator.runMails();
    }

    @Test
    void inTheMiddleOfALargeRoundOthersHaveTheirTurns() throws Exception {
        try (var operator = SessionOperatorHarness.appending(Subtask.FRESH, service, SessionSettings.DEFAULT)) {
            operator.process("huge", "pair", "x".repeat(REQUESTS));
            operator.process("other", "abcd");
            while (operator.scores().isEmpty()) {
                answerOldest(operator);
            }
            assertThat(operator.scores()).containsExactly("other=4");
            assertThat(answered).as("a slice for each byte of the other").isEqualTo(4 * (RequestSlices.SLICE + 1));
            while (answered < service.calls().size()) {
                answerOldest(operator);
            }
            assertThat(operator.scores()).containsExactly("other=4", "huge=" + REQUESTS);
            assertThat(answered).isEqualTo(REQUESTS + 4);
        }
    }
}
