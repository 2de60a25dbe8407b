package io.bytelm.lm.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads at one micro-batcher: no request is lost, mixed up with another, or left without an answer. */
@Timeout(60)
class MicroBatcherLoadTest {
    private static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void underLoadFromManyThreadsEveryRequestGetsItsOwnAnswer(long seed) throws Exception {
        int threads = 8;
        int requestsPerThread = 500;
        int maxBatch = 7;
        ConcurrentHashMap.KeySetView<Thread, Boolean> workers = ConcurrentHashMap.newKeySet();
        Function<List<Integer>, List<Integer>> function = batch -> {
            workers.add(Thread.currentThread());
            assertThat(batch).hasSizeBetween(1, maxBatch);
            if (batch.stream().anyMatch(n -> n % 97 == 0)) {
                throw new IllegalArgumentException("injected");
            }
            return squares(batch);
        };
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try (MicroBatcher<Integer, Integer> batcher = batcher(maxBatch, 1, function)) {
            List<Future<Integer>> failures = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Random random = new Random(seed * 1000 + t);
                failures.add(callers.submit(() -> submitAndCheck(batcher, random, requestsPerThread)));
            }
            int injected = 0;
            for (Future<Integer> failure : failures) {
                injected += failure.get();
            }
            assertThat(injected).as("injected failures").isPositive();
            assertThat(workers).hasSize(1);
            BatchStatistics statistics = batcher.statistics();
            assertThat(statistics.requests()).isEqualTo(threads * requestsPerThread);
            assertThat(statistics.largestBatch()).isBetween(2, maxBatch);
        } finally {
            callers.shutdownNow();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void closingUnderLoadLeavesNoRequestWithoutAnAnswer(long seed) throws Exception {
        int threads = 4;
        Random random = new Random(seed);
        MicroBatcher<Integer, Integer> batcher = batcher(5, random.nextInt(2), MicroBatcherLoadTest::squares);
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        CountDownLatch halfway = new CountDownLatch(threads * 100);
        try {
            List<Future<List<CompletableFuture<Integer>>>> submitted = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                submitted.add(callers.submit(() -> {
                    List<CompletableFuture<Integer>> answers = new ArrayList<>();
                    for (int i = 0; i < 200; i++) {
                        answers.add(batcher.submit(i));
                        halfway.countDown();
                    }
                    return answers;
                }));
            }
            halfway.await();
            batcher.close();
            for (Future<List<CompletableFuture<Integer>>> answers : submitted) {
                for (CompletableFuture<Integer> answer : answers.get()) {
                    assertThat(answer.handle((square, failure) -> failure == null || failure instanceof Closed)
                                    .get(10, TimeUnit.SECONDS))
                            .isTrue();
                }
            }
        } finally {
            callers.shutdownNow();
        }
    }

    /** Submits numbers in bursts of random size and checks every answer; returns how many failed as injected. */
    private static int submitAndCheck(MicroBatcher<Integer, Integer> batcher, Random random, int requests)
            throws InterruptedException {
        int failed = 0;
        int left = requests;
        while (left > 0) {
            int burst = Math.min(left, 1 + random.nextInt(20));
            left -= burst;
            List<Integer> numbers = random.ints(burst, 0, 1000).boxed().toList();
            List<CompletableFuture<Integer>> answers =
                    numbers.stream().map(batcher::submit).toList();
            for (int i = 0; i < burst; i++) {
                int number = numbers.get(i);
                try {
                    assertThat(answers.get(i).get()).isEqualTo(number * number);
                    assertThat(number % 97).isNotZero();
                } catch (ExecutionException e) {
                    assertThat(number % 97).isZero();
                    failed++;
                }
            }
        }
        return failed;
    }

    private static MicroBatcher<Integer, Integer> batcher(
            int maxBatch, long lingerMillis, Function<List<Integer>, List<Integer>> function) {
        return new MicroBatcher<>(
                "test-batcher",
                new BatchLimits(maxBatch, lingerMillis, Integer.MAX_VALUE),
                function,
                new BatchRefusals(Closed::new, retryAfterMillis -> new IllegalStateException("refused")));
    }

    private static List<Integer> squares(List<Integer> batch) {
        return batch.stream().map(n -> n * n).toList();
    }
}
