package io.bytelm.lm.batch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the requests of many threads into batches for one function that is faster on many at once.
 *
 * <p>Any thread may {@link #submit}; it never blocks. One worker thread, this batcher's own, calls the batch function, so
 * the function and all that it touches need no lock: everything a caller did before {@code submit} happens before the
 * call, and everything the function did happens before the future completes. Futures complete on the worker; a callback
 * that does work there holds up every request behind it.
 *
 * <p>A batch starts when {@code maxBatch} requests wait, or when the oldest has waited for {@code lingerMillis}; a request
 * that came during the batch before has usually lingered enough by then.
 *
 * <p>Answers usually lead to new requests, a little later. So a batch also waits until as many requests have come as the
 * batch before answered, for an eighth of that batch's time at most: otherwise callers would part into two halves that
 * take turns, in batches of half the size.
 *
 * <p>If a batch fails, each of its requests is tried alone, so that only those that fail by themselves do fail.
 *
 * <p>Clients take turns, and so do the sessions of each. Where more wait than the limits allow, a client is refused who has
 * more waiting than its share: the one who asks, or the newest request of the one who has the most.
 *
 * @param <Q> request
 * @param <R> result
 */
public final class MicroBatcher<Q, R> implements AutoCloseable {
    private static final int GATHERING_SHARE = 8;

    private record Waiting<Q, R>(Q request, CompletableFuture<R> result, long sinceNanos) {}

    private static final long LONGEST_RETRY_HINT_MILLIS = 10_000;

    private final int maxBatch;
    private final int maxWaiting;
    private final long lingerNanos;
    private final Function<List<Q>, List<R>> batchFunction;
    private final BatchRefusals refusals;
    private final LongSupplier clockNanos;
    private final Thread worker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** By their results; guarded by lock. */
    private final FairQueue<CompletableFuture<R>, Waiting<Q, R>> queue = new FairQueue<>();

    private int awaitedSize; // guarded by lock
    private volatile long lastBatchNanos; // written by the worker
    private volatile boolean closed; // written under lock
    private volatile BatchStatistics statistics = BatchStatistics.NONE; // written by the worker

    /**
     * Starts the worker, a daemon thread.
     *
     * @param threadName the worker's name
     * @param batchFunction answers a list of requests, never empty, by as many results in the same order
     */
    public MicroBatcher(
            String threadName, BatchLimits limits, Function<List<Q>, List<R>> batchFunction, BatchRefusals refusals) {
        this(threadName, limits, batchFunction, refusals, System::nanoTime);
    }

    /** @param clockNanos the time (ns) instead of the system's; asked by the worker and by those who submit */
    MicroBatcher(
            String threadName,
            BatchLimits limits,
            Function<List<Q>, List<R>> batchFunction,
            BatchRefusals refusals,
            LongSupplier clockNanos) {
        this.maxBatch = limits.maxBatch();
        this.maxWaiting = limits.maxWaiting();
        this.lingerNanos = TimeUnit.MILLISECONDS.toNanos(limits.lingerMillis());
        this.batchFunction = batchFunction;
        this.refusals = refusals;
        this.clockNanos = clockNanos;
        this.worker = new Thread(this::work, threadName);
        worker.setDaemon(true);
        worker.start();
    }

    /** Queues a request of the one client who asks without terms; never blocks. */
    public CompletableFuture<R> submit(Q request) {
        return submit(request, Terms.NONE);
    }

    /**
     * Queues a request; never blocks.
     *
     * @return completes on the worker; fails with what the batch function threw for this request alone, or with one of the
     *     refusals
     */
    public CompletableFuture<R> submit(Q request, Terms terms) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Refused<R> refused;
        lock.lock();
        try {
            refused = closed ? new Refused<>(result, refusals.closed()) : makeRoomFor(result, terms);
            if (refused == null || refused.result() != result) {
                queue.add(result, new Waiting<>(request, result, clockNanos.getAsLong()), terms);
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

    private record Refused<R>(CompletableFuture<R> result, Supplier<? extends RuntimeException> error) {}

    /** Whoever is refused for it; null if there is room. */
    private @Nullable Refused<R> makeRoomFor(CompletableFuture<R> result, Terms terms) {
        if (queue.size() < maxWaiting) {
            return null;
        }
        long retryAfterMillis = retryAfterMillis();
        Supplier<RuntimeException> full = () -> refusals.full().apply(retryAfterMillis);
        long busiest = queue.busiestClient();
        Waiting<Q, R> newest =
                queue.sizeOf(terms.client()) + 1 >= queue.sizeOf(busiest) ? null : queue.removeNewestOf(busiest);
        return new Refused<>(newest == null ? result : newest.result(), full);
    }

    /** How long it takes to answer what waits, going by the last batch. */
    private long retryAfterMillis() {
        long batches = queue.size() / maxBatch + 1L;
        return Math.max(
                1, Math.min(LONGEST_RETRY_HINT_MILLIS, batches * TimeUnit.NANOSECONDS.toMillis(lastBatchNanos)));
    }

    /**
     * Forgets a request that nobody wants answered any more; its result never completes.
     *
     * @param result what {@link #submit} returned
     * @return false if it no longer waits: its batch is running, or it was answered
     */
    public boolean withdraw(CompletableFuture<R> result) {
        lock.lock();
        try {
            return queue.remove(result) != null;
        } finally {
            lock.unlock();
        }
    }

    /** How many requests wait now, without those of the batch that is running. */
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** What was done so far; any thread may ask. */
    public BatchStatistics statistics() {
        return statistics;
    }

    /**
     * Lets the call that is running finish, fails what still waits with the closed error, and returns when the worker has
     * ended (at once if the worker itself calls). Closing again does nothing.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread() != worker) {
            joinWorker();
        }
    }

    private void joinWorker() {
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                // What follows a close frees what the worker uses: go on waiting, and keep the interrupt for the
                // caller.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        Answered last = new Answered(0, 0, clockNanos.getAsLong());
        for (List<Waiting<Q, R>> batch = nextBatch(last); !batch.isEmpty(); batch = nextBatch(last)) {
            long startNanos = clockNanos.getAsLong();
            statistics = statistics.plusLinger(startNanos - oldestNanos(batch));
            answer(batch);
            long endNanos = clockNanos.getAsLong();
            lastBatchNanos = endNanos - startNanos;
            statistics = statistics.plusBusy(lastBatchNanos);
            last = new Answered(batch.size(), (endNanos - startNanos) / GATHERING_SHARE, endNanos);
        }
        failAsClosed(drainAfterClose());
    }

    private static <Q, R> long oldestNanos(List<Waiting<Q, R>> batch) {
        return batch.stream()
                .mapToLong(Waiting::sinceNanos)
                .reduce((a, b) -> a - b < 0 ? a : b)
                .orElseThrow();
    }

    /**
     * The batch before.
     *
     * @param requests how many it answered
     * @param patienceNanos how long to wait for as many
     * @param atNanos when it ended
     */
    private record Answered(int requests, long patienceNanos, long atNanos) {}

    /** Waits for a batch; empty once closed. */
    private List<Waiting<Q, R>> nextBatch(Answered last) {
        List<Waiting<Q, R>> batch = new ArrayList<>();
        lock.lock();
        try {
            awaitBatch(last);
            while (!closed && batch.size() < maxBatch) {
                Waiting<Q, R> next = queue.poll();
                if (next == null) {
                    break;
                }
                batch.add(next);
            }
        } finally {
            lock.unlock();
        }
        return batch;
    }

    /** Returns when a batch is to start, or closed. */
    private void awaitBatch(Answered last) {
        awaitedSize = Math.min(maxBatch, queue.size() + last.requests());
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
        long gatherLeft = queue.size() < awaitedSize ? last.patienceNanos() - (now - last.atNanos()) : 0;
        return Math.max(lingerLeft, gatherLeft);
    }

    private void answer(List<Waiting<Q, R>> batch) {
        List<R> results;
        try {
            results = call(batch);
        } catch (Throwable failure) {
            if (batch.size() == 1) {
                statistics = statistics.plusAnswered();
                batch.get(0).result().completeExceptionally(failure);
            } else {
                answerOneByOne(batch);
            }
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            statistics = statistics.plusAnswered();
            batch.get(i).result().complete(results.get(i));
        }
    }

    private void answerOneByOne(List<Waiting<Q, R>> batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (closed) {
                failAsClosed(batch.subList(i, batch.size()));
                return;
            }
            answer(List.of(batch.get(i)));
        }
    }

    private List<R> call(List<Waiting<Q, R>> batch) {
        statistics = statistics.plusBatch(batch.size());
        List<R> results =
                batchFunction.apply(batch.stream().map(Waiting::request).toList());
        if (results.size() != batch.size()) {
            throw new IllegalStateException(
                    "the batch function gave " + results.size() + " results for " + batch.size() + " requests");
        }
        return results;
    }

    private List<Waiting<Q, R>> drainAfterClose() {
        lock.lock();
        try {
            List<Waiting<Q, R>> left = new ArrayList<>();
            for (Waiting<Q, R> next = queue.poll(); next != null; next = queue.poll()) {
                left.add(next);
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    private void failAsClosed(Collection<Waiting<Q, R>> left) {
        for (Waiting<Q, R> waiting : left) {
            waiting.result().completeExceptionally(refusals.closed().get());
        }
    }
}
