package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.beam.Step;
import io.bytelm.record.InputRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A record that needs something first waits without holding up other sessions. */
class SessionPreparationTest {
    private final Map<String, CompletableFuture<?>> missing = new HashMap<>();
    private final ControlledService service = new ControlledService();

    /** The toy session, whose records wait for what is missing. */
    private final class Waiting implements SessionLogic<String> {
        private final SessionLogic<String> appending = new AppendingLogic();

        @Override
        public Optional<CompletableFuture<?>> preparation(@Nullable String state, InputRecord record) {
            CompletableFuture<?> needed = missing.get(new SessionKey().getKey(record));
            return needed == null || needed.isDone() ? Optional.empty() : Optional.of(needed);
        }

        @Override
        public Step<Transition<String>> onRecord(@Nullable String state, InputRecord record) {
            return appending.onRecord(state, record);
        }
    }

    private SessionOperatorHarness<String> harness() throws Exception {
        return new SessionOperatorHarness<>(
                SessionOperatorHarness.Subtask.FRESH, service, new Waiting(), Types.STRING, SessionSettings.DEFAULT);
    }

    @Test
    void otherSessionsGoOnAndItsOwnRecordsKeepTheirOrder() throws Exception {
        CompletableFuture<Void> slow = new CompletableFuture<>();
        missing.put("slow", slow);
        try (SessionOperatorHarness<String> operator = harness()) {
            operator.process("slow", "a");
            operator.process("slow", "b");
            operator.process("quick", "c");
            operator.answer(service, "quick:c");
            assertThat(operator.scores()).containsExactly("quick=1");

            slow.complete(null);
            operator.runMails();
            operator.answer(service, "slow:a", "slow:ab");
            assertThat(operator.scores()).containsExactly("quick=1", "slow=1", "slow=2");
        }
    }

    @Test
    void aPreparationThatFailsLeavesTheWordToTheLogic() throws Exception {
        CompletableFuture<Void> failing = new CompletableFuture<>();
        missing.put("s", failing);
        try (SessionOperatorHarness<String> operator = harness()) {
            operator.process("s", "a");
            failing.completeExceptionally(new IllegalStateException("no"));
            operator.runMails();
            operator.answer(service, "s:a");
            assertThat(operator.scores()).containsExactly("s=1");
        }
    }
}
