package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** One thread does all work of a model. */
@Timeout(120)
class EngineThreadTest {
    private static final String CALLER = "engine-caller";

    @Test
    void workOfManyThreadsIsDoneOnOne() throws Exception {
        EngineThread engine = new EngineThread();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(new Thread(() -> engine.call(() -> threads.add(Thread.currentThread()))));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        engine.endWith(() -> threads.add(Thread.currentThread()));

        assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
    }

    @Test
    void whatWorkThrowsComesToItsCallerAsItIs() {
        EngineThread engine = new EngineThread();
        IllegalStateException failure = new IllegalStateException("the work fails");
        StackOverflowError error = new StackOverflowError();

        assertThatThrownBy(() -> engine.call(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThatThrownBy(() -> engine.call(() -> {
                    throw error;
                }))
                .isSameAs(error);
        assertThatThrownBy(() -> engine.endWith(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void theEndComesAfterWorkThatWaitsAndBeforeAllLaterWork() throws Exception {
        EngineThread engine = new EngineThread();
        List<String> done = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Boolean> before = CompletableFuture.supplyAsync(() -> engine.call(() -> {
            started.countDown();
            await(goOn);
            return done.add("before");
        }));
        await(started);
        CompletableFuture<Void> end = CompletableFuture.runAsync(() -> engine.endWith(() -> done.add("end")));
        goOn.countDown();
        before.get(60, TimeUnit.SECONDS);
        end.get(60, TimeUnit.SECONDS);
        engine.endWith(() -> done.add("the end once more"));

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> engine.call(() -> done.add("after")))
                .withMessage("the model is closed");
        assertThat(done).containsExactly("before", "end");
    }

    @Test
    void anInterruptedCallerWaitsForItsAnswerAndFindsTheInterruptAfterwards() throws Exception {
        EngineThread engine = new EngineThread();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean foundAfterwards = new AtomicBoolean();
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            answer.complete(engine.call(() -> {
                started.countDown();
                await(goOn);
                return "done";
            }));
            foundAfterwards.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        await(started);
        caller.interrupt();
        goOn.countDown();
        caller.join();
        engine.endWith(() -> {});

        assertThat(answer).isCompletedWithValue("done");
        assertThat(foundAfterwards).isTrue();
    }

    /** A helper thread of the engine has the name of the thread that it helps. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whoeverAsksAModelTheEngineHelpsOnlyTheModelsThread() throws Exception {
        AtomicBoolean looked = new AtomicBoolean();
        CompletableFuture<Long> callers = new CompletableFuture<>();
        Thread caller = new Thread(
                () -> {
                    DjlModelSettings settings =
                            DjlModelSettings.of(BundledModel.directory()).withThreads(2);
                    try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
                        model.prefetch(List.of(contextOf(1, 200), contextOf(2, 201))); // enough for all threads
                        looked.set(model.statistics().computedTokens() == 400);
                        callers.complete(threadsNamed(CALLER));
                    } catch (IOException e) {
                        callers.completeExceptionally(e);
                    }
                },
                CALLER);
        caller.start();

        assertThat(callers.get(100, TimeUnit.SECONDS)).isEqualTo(1);
        caller.join();
        assertThat(looked).isTrue();
    }

    private static TokenContext contextOf(int first, int last) {
        return TokenContext.of(IntStream.rangeClosed(first, last).toArray());
    }

    private static long threadsNamed(String name) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.filter(thread -> nameOf(thread).equals(name)).count();
        }
    }

    /** Empty for a thread that has ended meanwhile. */
    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
