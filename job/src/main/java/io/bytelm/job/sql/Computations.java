package io.bytelm.job.sql;

import io.bytelm.beam.Step;
import io.bytelm.service.StateRoom;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.RetrySettings;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Takes many computations through a service at the same time, for one subtask. All of them run on one thread of their own;
 * those that wait, for the model or for room among its states, hold no thread. Any thread may start one.
 */
final class Computations implements AutoCloseable {
    private static final long MOST_SECONDS_TO_END = 10;

    private final TrieLmService service;
    private final RetrySettings retry;
    private final StateRoom.Share room;
    private final Random jitter;
    private final ScheduledThreadPoolExecutor thread;
    private final Set<Computation<?>> open = ConcurrentHashMap.newKeySet();

    /** @param service stays open; who opened it closes it */
    Computations(TrieLmService service, RetrySettings retry) {
        this.service = service;
        this.retry = retry;
        this.room = service.room().enter(this, Integer.MAX_VALUE);
        this.jitter = new Random(retry.jitterSeed());
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "bytelm-ml-predict");
            created.setDaemon(true);
            return created;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    /**
     * Starts a computation.
     *
     * @param text a number of the text that is read, by which its requests find the states of those before
     * @param roomTokens how many tokens it needs the model's states of
     * @param begin is called on this object's thread
     * @return completes on this object's thread; fails with {@link ServiceFailedException} if the model does not answer,
     *     with {@link io.bytelm.service.ServiceClosedException} or {@link io.bytelm.service.ServiceRefusedException} if it is
     *     gone for good or another one, or with what the computation threw. Never completes once this is closed.
     */
    <T> CompletableFuture<T> start(long text, long roomTokens, Supplier<Step<T>> begin) {
        Computation<T> computation = new Computation<>(this, text, begin);
        open.add(computation);
        computation.execute(() -> computation.awaitRoom(roomTokens));
        return computation.result();
    }

    /** What nobody waits for any more is cancelled. */
    @Override
    public void close() throws InterruptedException {
        thread.shutdownNow();
        try {
            boolean hasEnded = thread.awaitTermination(MOST_SECONDS_TO_END, TimeUnit.SECONDS);
            if (hasEnded) {
                open.forEach(Computation::abandon);
            }
        } finally {
            room.close(); // other jobs wait for it, also where a task is cancelled while it closes this
        }
    }

    boolean isClosed() {
        return thread.isShutdown();
    }

    TrieLmService service() {
        return service;
    }

    RetrySettings retry() {
        return retry;
    }

    StateRoom.Share room() {
        return room;
    }

    Random jitter() {
        return jitter;
    }

    void ended(Computation<?> computation) {
        open.remove(computation);
    }

    /** Whoever calls, a thread of the service or of another job, is not to be told that this one is closed. */
    void execute(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException closed) {
            // nobody waits for it
        }
    }

    Future<?> schedule(Runnable work, long afterMillis) {
        return thread.schedule(work, afterMillis, TimeUnit.MILLISECONDS);
    }
}
