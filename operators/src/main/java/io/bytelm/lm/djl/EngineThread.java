package io.bytelm.lm.djl;

import io.bytelm.lm.ModelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The one thread of a model that calls the engine, from loading to closing, whoever asks. The engine's OpenMP runtime
 * (libgomp) gives each thread that calls it helpers of its own, and as soon as all of those together are more than the
 * processors, none of them waits awake for the next piece of work: every operation of a pass then begins with waking them.
 * Where one thread loaded a model and another evaluated, a pass of 128 rows of a model of 135 million parameters took 13 to
 * 22 % longer.
 */
final class EngineThread {
    private static final String CLOSED = "the model is closed";
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final ExecutorService thread;
    private boolean ended; // confined to the thread

    EngineThread() {
        String name = "bytelm-engine-" + STARTED.incrementAndGet();
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread started = new Thread(work, name);
            started.setDaemon(true);
            return started;
        });
    }

    /**
     * Does work on the thread, after what was asked for before, and waits for its end. An interrupt does not end the
     * waiting, since the engine cannot be interrupted; the caller finds it afterwards.
     *
     * @throws ModelException if this has ended
     */
    <T> T call(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(() -> unlessEnded(work), thread)
                    .join();
        } catch (RejectedExecutionException e) {
            throw new ModelException(CLOSED, e);
        } catch (CompletionException e) {
            throw asThrown(e);
        }
    }

    private <T> T unlessEnded(Supplier<T> work) {
        if (ended) {
            throw new ModelException(CLOSED);
        }
        return work.get();
    }

    /** Does this last, after what was asked for before; what comes later fails. Ending again does nothing. */
    void endWith(Runnable last) {
        try {
            CompletableFuture.runAsync(() -> endOnThread(last), thread).join();
        } catch (RejectedExecutionException e) {
            return; // another call has ended it
        } catch (CompletionException e) {
            throw asThrown(e);
        } finally {
            thread.shutdown();
        }
    }

    private void endOnThread(Runnable last) {
        if (!ended) {
            ended = true;
            last.run();
        }
    }

    private static RuntimeException asThrown(CompletionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof RuntimeException cause ? cause : e;
    }
}
