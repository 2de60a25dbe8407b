package io.bytelm.lm.djl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Script calls side by side, each on one thread of the engine. For a small model that is faster than one call on all
 * threads: its operations are too short to be shared out, and most threads would wait for the others.
 */
final class EngineLanes implements AutoCloseable {
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final int lanes;
    private final ExecutorService others;

    /** @param lanes calls at the same time, the caller's among them; at least 1 */
    EngineLanes(int lanes) {
        this.lanes = lanes;
        this.others = Executors.newFixedThreadPool(Math.max(1, lanes - 1), work -> {
            Thread thread = new Thread(work, "bytelm-engine-lane-" + STARTED.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    int count() {
        return lanes;
    }

    /**
     * Does all of this work, the first of it on the calling thread. Returns when the last of it has ended, also if some
     * failed: what it works on may be freed then.
     *
     * @param work at most {@link #count} pieces, at least one
     */
    void run(List<Runnable> work) {
        List<Future<?>> running = new ArrayList<>();
        for (Runnable piece : work.subList(1, work.size())) {
            running.add(others.submit(() -> onOneThread(piece)));
        }
        RuntimeException failure = null;
        try {
            onOneThread(work.get(0));
        } catch (RuntimeException e) {
            failure = e;
        } finally { // an Error, too, waits for the others
            for (Future<?> piece : running) {
                failure = first(failure, failureOf(piece));
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void onOneThread(Runnable piece) {
        TorchRuntime.withThreads(
                1,
                () -> TorchRuntime.withoutGradients(DjlModelSettings.ENGINE_THREADS, () -> {
                    piece.run();
                    return piece;
                }));
    }

    private static @Nullable RuntimeException first(@Nullable RuntimeException one, @Nullable RuntimeException other) {
        if (one != null && other != null) {
            one.addSuppressed(other);
        }
        return one == null ? other : one;
    }

    /** Waits for its end, whatever happens: the engine cannot be interrupted. */
    private static @Nullable RuntimeException failureOf(Future<?> piece) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    piece.get();
                    return null;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return e.getCause() instanceof RuntimeException cause
                            ? cause
                            : new IllegalStateException("a lane of the engine failed: " + e.getCause(), e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}
