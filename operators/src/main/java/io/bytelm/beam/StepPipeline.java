package io.bytelm.beam;

import io.bytelm.lm.batch.Terms;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Takes many computations through one service at the same time, so that what they ask shares batches: whole documents
 * scored offline, sessions of a benchmark. All of them run on the calling thread; those that wait hold no thread.
 */
public final class StepPipeline {
    private final TrieLmService service;
    private final int maxInFlight;

    /**
     * @param service stays open; who opened it closes it
     * @param maxInFlight how many computations are begun and not done, at least 1
     * @throws IllegalArgumentException if {@code maxInFlight} is less than 1
     */
    public StepPipeline(TrieLmService service, int maxInFlight) {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("at least 1 computation must be in flight, got " + maxInFlight);
        }
        this.service = service;
        this.maxInFlight = maxInFlight;
    }

    /**
     * Runs one computation for each item and returns when all are done.
     *
     * @param items are drawn one by one, as computations end
     * @param begin the computation for an item
     * @param done is told each result as soon as it is there, so not in the items' order
     * @throws io.bytelm.lm.ModelException if a request cannot be answered; what else was in flight is given up
     * @throws io.bytelm.service.ServiceClosedException if the service was closed
     */
    public <I, T> void forEach(Iterable<I> items, Function<? super I, Step<T>> begin, BiConsumer<I, T> done) {
        new Run<I, T>(begin, done).all(items.iterator());
    }

    private final class Run<I, T> {
        private final Function<? super I, Step<T>> begin;
        private final BiConsumer<I, T> done;
        private final BlockingQueue<Waiting<I, T>> answered = new LinkedBlockingQueue<>();
        private int inFlight;
        private long begun;

        Run(Function<? super I, Step<T>> begin, BiConsumer<I, T> done) {
            this.begin = begin;
            this.done = done;
        }

        void all(Iterator<I> items) {
            while (inFlight > 0 || items.hasNext()) {
                if (inFlight < maxInFlight && items.hasNext()) {
                    I item = items.next();
                    inFlight++;
                    goOn(item, new Terms(0, ++begun, Long.MAX_VALUE), begin.apply(item));
                } else {
                    Waiting<I, T> next = takeAnswered();
                    goOn(next.item, next.terms, next.ask.then().apply(next.answers()));
                }
            }
        }

        /** Goes on for as long as answers are at hand. */
        private void goOn(I item, Terms terms, Step<T> step) {
            Step<T> at = step;
            while (at instanceof Step.Ask<T> ask) {
                Waiting<I, T> waiting = new Waiting<>(
                        item,
                        terms,
                        ask,
                        ask.requests().stream()
                                .map(request -> service.expand(request, terms))
                                .toList());
                CompletableFuture<Void> all =
                        CompletableFuture.allOf(waiting.futures.toArray(CompletableFuture[]::new));
                if (!all.isDone()) {
                    all.whenComplete((nothing, failure) -> answered.add(waiting));
                    return;
                }
                at = ask.then().apply(waiting.answers());
            }
            inFlight--;
            done.accept(item, ((Step.Done<T>) at).value());
        }

        private Waiting<I, T> takeAnswered() {
            try {
                return answered.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(
                        "interrupted while " + inFlight + " computations waited for the model", e);
            }
        }
    }

    private record Waiting<I, T>(I item, Terms terms, Step.Ask<T> ask, List<CompletableFuture<Expansion>> futures) {
        List<Expansion> answers() {
            try {
                return futures.stream().map(CompletableFuture::join).toList();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }
}
