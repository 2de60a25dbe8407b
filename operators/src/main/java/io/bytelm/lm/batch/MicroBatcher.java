package io.bytelm.lm.batch;

import io.bytelm.lm.batch.WaitingLine.Answered;
import io.bytelm.lm.batch.WaitingLine.Waiting;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;

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
 * <p>Answers usually lead to new requests, a little later, and later yet from another process. So a batch also waits until
 * as many requests have come as the batch before answered (fewer, where callers do not all ask again soon), for a third of
 * that batch's time at most, and not if none comes for a while: otherwise callers would part into two halves that take turns, in batches of half the size,
 * which take more than half of the time.
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
    private static final int GATHERING_SHARE = 3;

    private final Function<List<Q>, List<R>> batchFunction;
    private final BatchRefusals refusals;
    private final LongSupplier clockNanos;
    private final WaitingLine<Q, R> line;
    private final Thread worker;
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
        this.batchFunction = batchFunction;
        this.refusals = refusals;
        this.clockNanos = clockNanos;
        this.line = new WaitingLine<>(limits, refusals, clockNanos);
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
        return line.enter(request, terms);
    }

    /**
     * Forgets a request that nobody wants answered any more; its result never completes.
     *
     * @param result what {@link #submit} returned
     * @return false if it no longer waits: its batch is running, or it was answered
     */
    public boolean withdraw(CompletableFuture<R> result) {
        return line.withdraw(result);
    }

    /** How many requests wait now, without those of the batch that is running. */
    public int waiting() {
        return line.size();
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
        line.close();
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
        Answered last = new Answered(0, 0, 0, clockNanos.getAsLong());
        for (List<Waiting<Q, R>> batch = line.next(last); !batch.isEmpty(); batch = line.next(last)) {
            long startNanos = clockNanos.getAsLong();
            statistics = statistics.plusLinger(startNanos - oldestNanos(batch));
            answer(batch);
            long endNanos = clockNanos.getAsLong();
            long tookNanos = endNanos - startNanos;
            statistics = statistics.plusBusy(tookNanos);
            last = new Answered(batch.size(), tookNanos, tookNanos / GATHERING_SHARE, endNanos);
        }
        failAsClosed(line.takeAll());
    }

    private static <Q, R> long oldestNanos(List<Waiting<Q, R>> batch) {
        return batch.stream()
                .mapToLong(Waiting::sinceNanos)
                .reduce((a, b) -> a - b < 0 ? a : b)
                .orElseThrow();
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
            if (line.isClosed()) {
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

    private void failAsClosed(Collection<Waiting<Q, R>> left) {
        for (Waiting<Q, R> waiting : left) {
            waiting.result().completeExceptionally(refusals.closed().get());
        }
    }
}
