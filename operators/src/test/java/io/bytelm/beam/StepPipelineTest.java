package io.bytelm.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StepPipelineTest {
    private final LateService service = new LateService();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void everyItemGetsItsOwnResult() {
        Map<Integer, Integer> results = new HashMap<>();
        new StepPipeline(service, 4).forEach(List.of(1, 2, 3, 4, 5, 6, 7), i -> counting(i, 0), results::put);
        assertThat(results)
                .hasSize(7)
                .allSatisfy((item, result) -> assertThat(result).isEqualTo(item * 3));
    }

    @Test
    void noMoreThanTheGivenNumberIsInFlight() {
        List<Integer> done = new ArrayList<>();
        new StepPipeline(service, 3).forEach(List.of(1, 2, 3, 4, 5, 6, 7), i -> counting(i, 0), (i, r) -> done.add(i));
        assertThat(done).hasSize(7);
        assertThat(service.mostWaiting).isEqualTo(3);
    }

    @Test
    void aComputationThatAsksNothingIsDoneAtOnce() {
        List<String> results = new ArrayList<>();
        new StepPipeline(service, 1)
                .forEach(List.of("a", "b"), Step::done, (item, result) -> results.add(item + result));
        assertThat(results).containsExactly("aa", "bb");
    }

    @Test
    void aFailedRequestEndsTheRunWithItsOwnException() {
        service.failingToken = 5;
        assertThatThrownBy(() -> new StepPipeline(service, 3)
                        .forEach(List.of(1, 5, 2), i -> counting(i, 0), (item, result) -> {}))
                .isInstanceOf(ModelException.class)
                .hasMessage("token 5");
    }

    @Test
    void nothingInFlightIsRefused() {
        assertThatThrownBy(() -> new StepPipeline(service, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Asks {@code value} times three, one question after another, each answered by 1. */
    private static Step<Integer> counting(int value, int sum) {
        if (sum == 3 * value) {
            return Step.done(sum);
        }
        ExpandRequest request =
                new ExpandRequest(TokenContext.of(value), new byte[0], new int[0], ExpandRequest.NO_ROWS);
        return Step.ask(
                List.of(request),
                answers -> counting(value, sum + (int) answers.get(0).logMass()[0]));
    }

    /** Answers on its own thread, the newest request first, once nothing new has come for a moment. */
    private static final class LateService implements TrieLmService {
        private record Late(ExpandRequest request, CompletableFuture<Expansion> answer) {}

        private final List<Late> waiting = new ArrayList<>(); // guarded by itself
        private final Thread thread = new Thread(this::answerLate);
        private volatile int failingToken = -1;
        private int mostWaiting; // guarded by waiting

        LateService() {
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            CompletableFuture<Expansion> answer = new CompletableFuture<>();
            synchronized (waiting) {
                waiting.add(new Late(request, answer));
                mostWaiting = Math.max(mostWaiting, waiting.size());
            }
            return answer;
        }

        private void answerLate() {
            try {
                while (true) {
                    Thread.sleep(2);
                    Late newest;
                    synchronized (waiting) {
                        newest = waiting.isEmpty() ? null : waiting.remove(waiting.size() - 1);
                    }
                    if (newest != null) {
                        answer(newest);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
            }
        }

        private void answer(Late late) {
            int token = late.request().context().lastToken();
            if (token == failingToken) {
                late.answer().completeExceptionally(new ModelException("token " + token));
            } else {
                late.answer()
                        .complete(new Expansion(
                                new double[] {1},
                                new int[1][0],
                                new double[1][0],
                                Double.NEGATIVE_INFINITY,
                                new double[1][]));
            }
        }

        @Override
        public Vocabulary vocabulary() {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
