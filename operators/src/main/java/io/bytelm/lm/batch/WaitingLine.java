package io.bytelm.lm.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of many threads wait for the next batch: in turns, and no more of them than the limits allow. Any thread
 * enters and withdraws; the worker alone takes batches.
 *
 * @param <Q> request
 * @param <R> result
 */
final class WaitingLine<Q, R> {
    private static final long LONGEST_RETRY_HINT_MILLIS = 10_000;
    private static final int PAUSES_OF_PATIENCE = 4;

    /** The way to another process and back, while both have other work. */
    private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** @param sinceNanos when it came */
    record Waiting<Q, R>(Q request, CompletableFuture<R> result, long sinceNanos) {}

    /**
     * The batch before.
     *
     * @param requests how many it answered
     * @param tookNanos how long that took
     * @param patienceNanos how long to wait for as many
     * @param atNanos when it ended
     */
    record Answered(int requests, long tookNanos, long patienceNanos, long atNanos) {
        /** Who has not come for so long after the one before probably stays away. */
        long pauseNanos() {
            return Math.min(patienceNanos, Math.max(LEAST_PAUSE_NANOS, patienceNanos / PAUSES_OF_PATIENCE));
        }
    }

    /**
     * Who came back before a batch started.
     *
     * @param newestNanos when the last of them came
     * @param untilNanos who comes later, but before this moment, would have been worth the wait
     */
    private record Gathered(int answered, int came, long newestNanos, long untilNanos) {
        boolean missed(long sinceNanos) {
            return sinceNanos - newestNanos > 0 && sinceNanos - untilNanos < 0;
        }
    }

    private record Refused<R>(CompletableFuture<R> result, Supplier<? extends RuntimeException> error) {}

    private final int maxBatch;
    private final int maxWaiting;
    private final long lingerNanos;
    private final BatchRefusals refusals;
    private final LongSupplier clockNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All below are guarded by lock.
    /** By their results. */
    private final FairQueue<CompletableFuture<R>, Waiting<Q, R>> queue = new FairQueue<>();

    private final Returning returning = new Returning();
    private @Nullable Gathered gathered;
    private int awaitedSize;
    private long lastBatchNanos;
    private long newestNanos;
    private volatile boolean closed; // read without lock

    WaitingLine(BatchLimits limits, BatchRefusals refusals, LongSupplier clockNanos) {
        this.maxBatch = limits.maxBatch();
        this.maxWaiting = limits.maxWaiting();
        this.lingerNanos = TimeUnit.MILLISECONDS.toNanos(limits.lingerMillis());
        this.refusals = refusals;
        this.clockNanos = clockNanos;
    }

    /** Never blocks; the result fails if the request is refused, now or to make room for another client's. */
    CompletableFuture<R> enter(Q request, Terms terms) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Refused<R> refused;
        lock.lock();
        try {
            refused = closed ? new Refused<>(result, refusals.closed()) : makeRoomFor(result, terms);
            if (refused == null || refused.result() != result) {
                newestNanos = clockNanos.getAsLong();
                queue.add(result, new Waiting<>(request, result, newestNanos), terms);
                if (queue.size() == 1 || queue.size() == awaitedSize || queue.size() == maxBatch) {
                    changed.signal();
                }
            }
        } finally {
            lock.unlock();
        }
        if (refused != null) {
            refused.result().completeExceptionally(refused.error().get());
        }
        return result;
    }

    /** Whoever is refused for it; null if there is room. */
    private @Nullable Refused<R> makeRoomFor(CompletableFuture<R> result, Terms terms) {
        if (queue.size() < maxWaiting) {
            return null;
        }
        long retryAfterMillis = retryAfterMillis();
        Supplier<RuntimeException> full = () -> refusals.full().apply(retryAfterMillis);
        long busiest = queue.busiestClient();
        boolean isBusiest = queue.sizeOf(terms.client()) + 1 >= queue.sizeOf(busiest);
        Waiting<Q, R> newest = isBusiest ? null : queue.removeNewestOf(busiest);
        return new Refused<>(newest == null ? result : newest.result(), full);
    }

    /** How long it takes to answer what waits, going by the last batch. */
    private long retryAfterMillis() {
        long batches = queue.size() / maxBatch + 1L;
        long millis = batches * TimeUnit.NANOSECONDS.toMillis(lastBatchNanos);
        return Math.max(1, Math.min(LONGEST_RETRY_HINT_MILLIS, millis));
    }

    /** @return false if it no longer waits */
    boolean withdraw(CompletableFuture<R> result) {
        lock.lock();
        try {
            return queue.remove(result) != null;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Nothing is taken any more, and {@link #next} gives nothing. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes all that waits, once closed. */
    List<Waiting<Q, R>> takeAll() {
        lock.lock();
        try {
            return poll(Integer.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a batch; empty once closed. */
    List<Waiting<Q, R>> next(Answered last) {
        lock.lock();
        try {
            lastBatchNanos = last.tookNanos();
            learn();
            int queued = Math.min(queue.size(), maxBatch);
            int answered = Math.min(last.requests(), maxBatch - queued);
            awaitedSize = queued + returning.of(answered);
            awaitBatch(last);
            if (answered > 0 && hasGathered(last)) {
                long untilNanos = last.atNanos() + last.patienceNanos();
                gathered = new Gathered(answered, queue.size() - queued, newestNanos, untilNanos);
            }
            return closed ? List.of() : poll(maxBatch);
        } finally {
            lock.unlock();
        }
    }

    /** Also who came a little after the batch had started has come back. */
    private void learn() {
        Gathered before = gathered;
        if (before != null) {
            int late = queue.count(waiting -> before.missed(waiting.sinceNanos()));
            returning.observe(before.answered(), before.came() + late);
            gathered = null;
        }
    }

    /** Whether somebody was there to be kept waiting for others; else the callers had nothing to ask. */
    private boolean hasGathered(Answered last) {
        Waiting<Q, R> oldest = queue.oldest();
        return oldest != null && oldest.sinceNanos() - last.atNanos() < last.patienceNanos();
    }

    private List<Waiting<Q, R>> poll(int most) {
        List<Waiting<Q, R>> taken = new ArrayList<>();
        Waiting<Q, R> next = queue.poll();
        while (next != null) {
            taken.add(next);
            next = taken.size() < most ? queue.poll() : null;
        }
        return taken;
    }

    /** Returns when a batch is to start, or closed. */
    private void awaitBatch(Answered last) {
        while (!closed) {
            Waiting<Q, R> oldest = queue.oldest();
            if (oldest == null) {
                changed.awaitUninterruptibly();
                continue;
            }
            long leftNanos = queue.size() < maxBatch ? leftNanos(oldest, last) : 0;
            if (leftNanos <= 0) {
                return;
            }
            try {
                changed.awaitNanos(leftNanos);
            } catch (InterruptedException e) {
                // Nobody is to interrupt the worker; if one does, it merely looks again.
            }
        }
    }

    /** How long (ns) a batch that is not full waits for more. */
    private long leftNanos(Waiting<Q, R> oldest, Answered last) {
        long now = clockNanos.getAsLong();
        long lingerLeft = lingerNanos - (now - oldest.sinceNanos());
        return Math.max(lingerLeft, queue.size() < awaitedSize ? gatherLeftNanos(last, now) : 0);
    }

    private long gatherLeftNanos(Answered last, long now) {
        long patienceLeft = last.patienceNanos() - (now - last.atNanos());
        long quietNanos = now - (newestNanos - last.atNanos() < 0 ? last.atNanos() : newestNanos);
        return Math.min(patienceLeft, last.pauseNanos() - quietNanos);
    }
}
