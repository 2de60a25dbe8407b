package io.bytelm.service;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that make answers of what the model gave, so that the model can go on. */
final class WalkThreads {
    private WalkThreads() {}

    /** Starts a pool of daemon threads. */
    static ThreadPoolExecutor start(String namePrefix, int threads) {
        AtomicInteger started = new AtomicInteger();
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, namePrefix + started.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                // Only a closed service refuses a task: whoever brings it does it, so that no request is left
                // unanswered.
                (task, pool) -> task.run());
    }
}
