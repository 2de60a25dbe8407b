package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedServiceTest {
    private record Key(String model, int maxBatch) {}

    private static final ExpandRequest REQUEST =
            new ExpandRequest(TokenContext.of(0), new byte[0], new int[0], ExpandRequest.NO_ROWS);

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    /** Counts; answers every request with an expansion of the root. */
    private class CountingService implements TrieLmService {
        CountingService() {
            opened.incrementAndGet();
        }

        @Override
        public Vocabulary vocabulary() {
            return ToyVocabulary.of("a");
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return CompletableFuture.completedFuture(
                    new Expansion(new double[1], new int[1][], new double[1][], 0, new double[1][]));
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @Test
    void theLastLeaseClosesTheService() {
        TrieLmService first = SharedService.join(new Key("shared", 8), CountingService::new);
        TrieLmService second = SharedService.join(new Key("shared", 8), CountingService::new);
        assertThat(opened).hasValue(1);

        first.close();
        first.close();
        assertThat(closed).as("another lease is open").hasValue(0);
        assertThat(second.expand(REQUEST)).isCompleted();
        second.close();
        assertThat(closed).hasValue(1);

        SharedService.join(new Key("shared", 8), CountingService::new).close();
        assertThat(opened).as("opened anew").hasValue(2);
    }

    @Test
    void aServiceThatLingersIsFoundOpenByWhoeverComesNext() {
        TrieLmService first = SharedService.join("linger", Duration.ofHours(1), CountingService::new);
        first.close();
        assertThat(closed).hasValue(0);
        assertThat(first.expand(REQUEST)).as("the lease itself is closed").isCompletedExceptionally();

        try (TrieLmService second = SharedService.join("linger", Duration.ZERO, CountingService::new)) {
            assertThat(opened).as("the same one").hasValue(1);
            assertThat(second.expand(REQUEST)).isCompleted();
        }
        assertThat(closed).as("the last lease did not linger").hasValue(1);
    }

    @Test
    void aServiceThatNobodyComesBackForIsClosedInTheEnd() throws InterruptedException {
        SharedService.join("left", Duration.ofMillis(20), CountingService::new).close();
        while (closed.get() == 0) { // at most as long as this class may take
            Thread.sleep(5);
        }
        SharedService.join("left", CountingService::new).close();
        assertThat(opened).as("opened anew").hasValue(2);
    }

    @Test
    void aServiceThatIsJoinedWhileItLingersIsNotClosedBeneathItsNewLease() throws InterruptedException {
        SharedService.join("back", Duration.ofMillis(50), CountingService::new).close();
        try (TrieLmService back = SharedService.join("back", CountingService::new)) {
            Thread.sleep(120);
            assertThat(closed).hasValue(0);
            assertThat(back.expand(REQUEST)).isCompleted();
        }
    }

    @Test
    void aClosedLeaseAnswersNoMore() {
        TrieLmService first = SharedService.join("lease", CountingService::new);
        try (TrieLmService second = SharedService.join("lease", CountingService::new)) {
            first.close();

            assertThat(second.expand(REQUEST)).isCompleted();
            assertThat(first.expand(REQUEST))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ServiceClosedException.class);
        }
    }

    @Test
    void otherSettingsAreAnotherService() {
        try (TrieLmService eight = SharedService.join(new Key("settings", 8), CountingService::new);
                TrieLmService nine = SharedService.join(new Key("settings", 9), CountingService::new)) {
            assertThat(eight).isNotSameAs(nine);
            assertThat(opened).hasValue(2);
        }
        assertThat(closed).hasValue(2);
    }

    @Test
    void aFailedOpenIsNotRemembered() {
        assertThatThrownBy(() -> SharedService.join("failing", () -> {
                    throw new ModelException("no such directory");
                }))
                .isInstanceOf(ModelException.class)
                .hasMessage("no such directory");

        SharedService.join("failing", CountingService::new).close();
        assertThat(opened).hasValue(1);
    }

    @Test
    void aServiceThatFailsToCloseIsForgotten() {
        TrieLmService lease = SharedService.join("bad close", () -> new CountingService() {
            @Override
            public void close() {
                throw new IllegalStateException("injected");
            }
        });

        assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
        SharedService.join("bad close", CountingService::new).close();
        assertThat(opened).hasValue(2);
    }

    @Test
    void manyThreadsThatComeFirstOpenOnce() throws Exception {
        int threads = 8;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<TrieLmService>> leases = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                leases.add(pool.submit(() -> {
                    start.await();
                    return SharedService.join("race", CountingService::new);
                }));
            }
            start.countDown();
            for (Future<TrieLmService> lease : leases) {
                lease.get();
            }
            assertThat(opened).hasValue(1);
            for (Future<TrieLmService> lease : leases) {
                lease.get().close();
            }
            assertThat(closed).hasValue(1);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void joiningAndLeavingInManyThreadsNeverLeavesTwoOpen() throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger mostOpen = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                runs.add(pool.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        TrieLmService lease = SharedService.join("churn", () -> {
                            mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                            return new CountingService() {
                                @Override
                                public void close() {
                                    open.decrementAndGet();
                                }
                            };
                        });
                        assertThat(lease.expand(REQUEST)).isCompleted();
                        lease.close();
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(open).hasValue(0);
        assertThat(mostOpen).hasValue(1);
    }
}
