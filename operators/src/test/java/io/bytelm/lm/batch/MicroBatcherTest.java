package io.bytelm.lm.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicroBatcherTest {
    private static final long LONG_LINGER_MILLIS = 30_000;

    private static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Full extends RuntimeException {
        private static final long serialVersionUID = 1;

        Full(long retryAfterMillis) {
            super("in " + retryAfterMillis + " ms");
        }
    }

    private static final BatchRefusals REFUSALS = new BatchRefusals(Closed::new, Full::new);

    /** The batches that a function saw, in their order. */
    private final List<List<Integer>> seen = Collections.synchronizedList(new ArrayList<>());

    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch called = new CountDownLatch(1);

    @Test
    void aFullBatchDoesNotLinger() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher(3, LONG_LINGER_MILLIS, this::squares)) {
            List<CompletableFuture<Integer>> answers = submit(batcher, 1, 2, 3);

            assertThat(answers.get(2).get(10, TimeUnit.SECONDS)).isEqualTo(9);
            assertThat(seen).containsExactly(List.of(1, 2, 3));
        }
    }

    @Test
    void aBatchThatIsNotFullLingersForOthers() throws Exception {
        long lingerMillis = 2_000; // this thread may be held up for a while between its requests
        try (MicroBatcher<Integer, Integer> batcher = batcher(100, lingerMillis, this::squares)) {
            long start = System.nanoTime();
            CompletableFuture<Integer> first = batcher.submit(1);
            CompletableFuture<Integer> second = batcher.submit(2);

            assertThat(first.get()).isEqualTo(1);
            assertThat(second.get()).isEqualTo(4);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(lingerMillis);
            assertThat(seen).containsExactly(List.of(1, 2));
        }
    }

    @Test
    void aRequestThatIsWithdrawnIsInNoBatchAndTheOthersGoOn() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher(3, 0, this::squaresBehindTheGate)) {
            CompletableFuture<Integer> running = batcher.submit(1);
            called.await();
            List<CompletableFuture<Integer>> waiting = submit(batcher, 2, 3, 4);
            assertThat(batcher.withdraw(running)).as("its batch has begun").isFalse();
            assertThat(batcher.withdraw(waiting.get(1))).isTrue();
            assertThat(batcher.withdraw(waiting.get(1))).isFalse();
            assertThat(batcher.waiting()).isEqualTo(2);
            gate.countDown();

            assertThat(waiting.get(2).get()).isEqualTo(16);
            assertThat(running.get()).isEqualTo(1);
            assertThat(seen).containsExactly(List.of(1), List.of(2, 4));
        }
    }

    @Test
    void oneClientsBurstHoldsUpNobodyElse() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher(2, 0, this::squaresBehindTheGate)) {
            batcher.submit(1);
            called.await();
            for (int burst = 10; burst < 16; burst++) {
                batcher.submit(burst, new Terms(1, 0, Long.MAX_VALUE));
            }
            CompletableFuture<Integer> late = batcher.submit(2, new Terms(2, 0, Long.MAX_VALUE));
            gate.countDown();

            assertThat(late.get()).isEqualTo(4);
            assertThat(seen).startsWith(List.of(1), List.of(10, 2));
        }
    }

    @Test
    void whereTooManyWaitThoseAreRefusedWhoHaveMoreThanTheirShare() throws Exception {
        BatchLimits fourWait = new BatchLimits(10, 0, 4);
        try (MicroBatcher<Integer, Integer> batcher =
                new MicroBatcher<>("test-batcher", fourWait, this::squaresBehindTheGate, REFUSALS)) {
            batcher.submit(1);
            called.await();
            Terms busy = new Terms(1, 0, Long.MAX_VALUE);
            List<CompletableFuture<Integer>> burst = new ArrayList<>();
            for (int i = 10; i < 15; i++) {
                burst.add(batcher.submit(i, busy));
            }
            CompletableFuture<Integer> other = batcher.submit(2, new Terms(2, 0, Long.MAX_VALUE));

            assertThatThrownBy(burst.get(4)::get)
                    .as("the fifth of the busy one")
                    .hasCauseInstanceOf(Full.class);
            assertThatThrownBy(burst.get(3)::get)
                    .as("its newest, for the other one")
                    .hasCauseInstanceOf(Full.class);
            assertThat(batcher.waiting()).isEqualTo(4);
            gate.countDown();
            assertThat(other.get()).isEqualTo(4);
            assertThat(burst.get(2).get()).isEqualTo(144);
        }
    }

    @Test
    void aBatcherWhoseLastRequestIsWithdrawnWhileItLingersTakesTheNext() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher(3, LONG_LINGER_MILLIS, this::squares)) {
            for (int round = 0; round < 100; round++) {
                assertThat(batcher.withdraw(batcher.submit(round))).isTrue();
            }
            List<CompletableFuture<Integer>> answers = submit(batcher, 5, 6, 7);

            assertThat(answers.get(2).get(10, TimeUnit.SECONDS)).isEqualTo(49);
        }
    }

    @Test
    void withoutLingerABatchTakesWhatIsThere() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher(3, 0, this::squaresBehindTheGate)) {
            CompletableFuture<Integer> alone = batcher.submit(1);
            called.await();
            List<CompletableFuture<Integer>> meanwhile = submit(batcher, 2, 3, 4, 5);
            gate.countDown();

            assertThat(alone.get()).isEqualTo(1);
            assertThat(meanwhile.get(3).get()).isEqualTo(25);
            assertThat(seen).containsExactly(List.of(1), List.of(2, 3, 4), List.of(5));
            assertThat(batcher.statistics())
                    .usingRecursiveComparison()
                    .ignoringFields("lingerNanos", "busyNanos")
                    .isEqualTo(new BatchStatistics(3, 5, 3, 1, 0, 0));
            assertThat(batcher.statistics().lingerNanos()).isPositive();
        }
    }

    @Test
    void aBatchWaitsForThoseWhoWereAnsweredLast() throws Exception {
        CompletableFuture<Thread> worker = new CompletableFuture<>();
        AtomicLong clockNanos = new AtomicLong();
        Function<List<Integer>, List<Integer>> function = batch -> {
            worker.complete(Thread.currentThread());
            if (batch.contains(3)) {
                clockNanos.addAndGet(TimeUnit.HOURS.toNanos(1)); // a third of it is the patience
            }
            return squaresBehindTheGate(batch);
        };
        try (MicroBatcher<Integer, Integer> batcher =
                new MicroBatcher<>("test-batcher", new BatchLimits(10, 0, 1000), function, REFUSALS, clockNanos::get)) {
            batcher.submit(1);
            called.await();
            CompletableFuture<Integer> nextOfTwo = batcher.submit(2).thenCompose(answer -> batcher.submit(4));
            CompletableFuture<Integer> three = batcher.submit(3);
            gate.countDown();
            three.get();
            while (worker.get().getState() != Thread.State.TIMED_WAITING) { // it has one of three, and waits for two
                Thread.sleep(1);
            }
            List<CompletableFuture<Integer>> others = submit(batcher, 5, 6);

            assertThat(nextOfTwo.get()).isEqualTo(16);
            assertThat(others.get(1).get()).isEqualTo(36);
            assertThat(seen).containsExactly(List.of(1), List.of(2, 3), List.of(4, 5, 6));
        }
    }

    @Test
    void aBatchDoesNotWaitForThoseWhoStayAway() throws Exception {
        AtomicLong clockNanos = new AtomicLong();
        Function<List<Integer>, List<Integer>> function = batch -> {
            clockNanos.addAndGet(TimeUnit.HOURS.toNanos(1)); // patience of 23 to 30 minutes, pauses of 6 to 8
            return squaresBehindTheGate(batch);
        };
        LongSupplier hastyNanos = () -> clockNanos.addAndGet(TimeUnit.MINUTES.toNanos(10));
        try (MicroBatcher<Integer, Integer> batcher =
                new MicroBatcher<>("test-batcher", new BatchLimits(10, 0, 1000), function, REFUSALS, hastyNanos)) {
            batcher.submit(1);
            called.await();
            List<CompletableFuture<Integer>> both = submit(batcher, 2, 3);
            gate.countDown();
            both.get(1).get();

            assertThat(batcher.submit(4).get(10, TimeUnit.SECONDS)).isEqualTo(16);
        }
    }

    @Test
    void aFailingRequestFailsAlone() throws Exception {
        try (MicroBatcher<Integer, Integer> batcher = batcher(4, LONG_LINGER_MILLIS, this::squaresButNotOfSeven)) {
            List<CompletableFuture<Integer>> answers = submit(batcher, 6, 7, 8, 9);

            assertThat(answers.get(0).get()).isEqualTo(36);
            assertThatThrownBy(() -> answers.get(1).get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("seven");
            assertThat(answers.get(2).get()).isEqualTo(64);
            assertThat(answers.get(3).get()).isEqualTo(81);
            assertThat(seen).as("the batch failed as a whole first").first().isEqualTo(List.of(6, 7, 8, 9));
            assertThat(batcher.statistics())
                    .usingRecursiveComparison()
                    .ignoringFields("lingerNanos", "busyNanos")
                    .isEqualTo(new BatchStatistics(5, 4, 4, 1, 0, 0));
        }
    }

    @Test
    void anErrorDoesNotEndTheWorker() throws Exception {
        Function<List<Integer>, List<Integer>> function = batch -> {
            if (batch.contains(0)) {
                throw new OutOfMemoryError("injected");
            }
            return squares(batch);
        };
        try (MicroBatcher<Integer, Integer> batcher = batcher(1, 0, function)) {
            assertThat(batcher.submit(0)).failsWithin(10, TimeUnit.SECONDS);
            assertThat(batcher.submit(5).get()).isEqualTo(25);
        }
    }

    @Test
    void aFunctionThatLosesResultsIsCaught() {
        try (MicroBatcher<Integer, Integer> batcher = batcher(1, 0, batch -> List.of())) {
            assertThat(batcher.submit(1))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("0 results for 1 requests");
        }
    }

    @Test
    void closingFailsWhatWaitsAndEndsTheWorker() throws Exception {
        MicroBatcher<Integer, Integer> batcher = batcher(1, 0, this::squaresBehindTheGate);
        CompletableFuture<Integer> running = batcher.submit(1);
        called.await();
        List<CompletableFuture<Integer>> waiting = submit(batcher, 2, 3);

        Thread closing = new Thread(batcher::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING) { // until it waits for the running call
            Thread.sleep(1);
        }
        gate.countDown();
        closing.join();

        assertThat(running.get()).isEqualTo(1);
        waiting.forEach(MicroBatcherTest::assertFailsAsClosed);
        assertFailsAsClosed(batcher.submit(4));
        assertThat(seen).containsExactly(List.of(1));
        batcher.close();
    }

    @Test
    void closingEndsALinger() {
        MicroBatcher<Integer, Integer> batcher = batcher(10, LONG_LINGER_MILLIS, this::squares);
        CompletableFuture<Integer> lingering = batcher.submit(1);

        batcher.close();

        assertFailsAsClosed(lingering);
        assertThat(seen).isEmpty();
    }

    @Test
    void aCallbackMayClose() {
        MicroBatcher<Integer, Integer> batcher = batcher(1, 0, this::squares);

        assertThat(batcher.submit(1).thenRun(batcher::close)).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> batcher(0, 0, this::squares))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxBatch must be at least 1, got 0");
        assertThatThrownBy(() -> batcher(1, -1, this::squares))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lingerMillis must not be negative, got -1");
    }

    private static <R> MicroBatcher<Integer, R> batcher(
            int maxBatch, long lingerMillis, Function<List<Integer>, List<R>> function) {
        return new MicroBatcher<>("test-batcher", new BatchLimits(maxBatch, lingerMillis, 1000), function, REFUSALS);
    }

    private static List<CompletableFuture<Integer>> submit(MicroBatcher<Integer, Integer> batcher, int... numbers) {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int number : numbers) {
            answers.add(batcher.submit(number));
        }
        return answers;
    }

    private List<Integer> squares(List<Integer> batch) {
        seen.add(batch);
        return batch.stream().map(n -> n * n).toList();
    }

    private List<Integer> squaresBehindTheGate(List<Integer> batch) {
        called.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return squares(batch);
    }

    private List<Integer> squaresButNotOfSeven(List<Integer> batch) {
        List<Integer> squares = squares(batch);
        if (batch.contains(7)) {
            throw new IllegalArgumentException("seven");
        }
        return squares;
    }

    private static void assertFailsAsClosed(CompletableFuture<?> answer) {
        assertThat(answer)
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(Closed.class);
    }
}
