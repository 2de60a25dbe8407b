package io.bytelm.lm.djl;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Script calls side by side, each on one thread of the engine: faster than one call on all threads where operations are
 * too short to be shared out, and where other work takes a processor now and then, see {@link PassSharing}.
 */
final class EngineLanes implements AutoCloseable {
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int lanes;
    private final ExecutorService threads;

    /** @param lanes calls at the same time, the caller's among them; at least 1 */
    EngineLanes(int lanes) {
        this.lanes = lanes;
        this.threads = Executors.newFixedThreadPool(Math.max(1, lanes - 1), work -> {
            Thread thread = new Thread(work, "bytelm-engine-lane-" + STARTED.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * How a lane has ended.
     *
     * @param share of its time that it had a processor
     */
    private record LaneEnd(double share, @Nullable RuntimeException failure) {}

    /** A piece of work. */
    @FunctionalInterface
    interface Piece {
        /**
         * Does it on the calling thread.
         *
         * @param piece its number
         * @param lane no two pieces are done at the same time on the same lane
         */
        void run(int piece, int lane);
    }

    int count() {
        return lanes;
    }

    /**
     * Does all pieces of work, on the calling thread too: each lane takes the next one when it has done one, so that a
     * lane which has its processor for itself does more. Returns when the last of it has ended, also if some failed: what
     * it works on may be freed then. A lane whose piece fails takes no other one.
     *
     * @param pieces how many; at least one
     * @return of the time that lanes worked, the share that they had a processor (0 to 1): of the lane that had least
     */
    double run(int pieces, Piece work) {
        AtomicInteger next = new AtomicInteger();
        List<Future<Double>> others = new ArrayList<>();
        for (int lane = 1; lane < Math.min(lanes, pieces); lane++) {
            int number = lane;
            others.add(threads.submit(() -> takePieces(next, pieces, number, work)));
        }
        List<LaneEnd> ends = new ArrayList<>();
        try {
            ends.add(new LaneEnd(takePieces(next, pieces, 0, work), null));
        } catch (RuntimeException e) {
            ends.add(new LaneEnd(0, e));
        } finally { // an Error, too, waits for the others
            others.forEach(lane -> ends.add(endOf(lane)));
        }
        RuntimeException failure = null;
        for (LaneEnd end : ends) {
            failure = first(failure, end.failure());
        }
        if (failure != null) {
            throw failure;
        }
        return ends.stream().mapToDouble(LaneEnd::share).min().orElse(1);
    }

    private static double takePieces(AtomicInteger next, int pieces, int lane, Piece work) {
        return TorchRuntime.withThreads(
                1,
                () -> TorchRuntime.withoutGradients(DjlModelSettings.ENGINE_THREADS, () -> {
                    long startNanos = System.nanoTime();
                    long startOnProcessorNanos = onProcessorNanos();
                    int done = 0;
                    for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                        work.run(piece, lane);
                        done++;
                    }
                    double onProcessorNanos = onProcessorNanos() - startOnProcessorNanos;
                    return done == 0 ? 1 : Math.min(1, onProcessorNanos / (System.nanoTime() - startNanos));
                }));
    }

    /** Time of the calling thread (ns). Where the JVM does not count it, a lane seems never to wait. */
    private static long onProcessorNanos() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }

    private static @Nullable RuntimeException first(@Nullable RuntimeException one, @Nullable RuntimeException other) {
        if (one != null && other != null) {
            one.addSuppressed(other);
        }
        return one == null ? other : one;
    }

    /** Waits for it, whatever happens: the engine cannot be interrupted. */
    private static LaneEnd endOf(Future<Double> lane) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return new LaneEnd(lane.get(), null);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return new LaneEnd(0, failureOf(e));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException failureOf(ExecutionException e) {
        return e.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException("a lane of the engine failed: " + e.getCause(), e.getCause());
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
