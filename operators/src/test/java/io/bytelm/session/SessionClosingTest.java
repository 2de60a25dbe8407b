package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SessionClosingTest {
    private static final class FailsToClose implements TrieLmService {
        private int closings;

        @Override
        public Vocabulary vocabulary() {
            return ControlledService.VOCABULARY;
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {
            closings++;
            throw new IllegalStateException("the engine does not let go");
        }
    }

    @Test
    void aServiceThatCannotBeClosedDoesNotFailTheTaskForWhichFlinkWouldEndTheTaskManager() throws Exception {
        FailsToClose service = new FailsToClose();
        SessionOperatorHarness<String> operator = SessionOperatorHarness.appending(service);
        operator.process("s", "a");

        assertThatCode(operator::close).doesNotThrowAnyException();

        assertThat(service.closings).isEqualTo(1);
    }
}
