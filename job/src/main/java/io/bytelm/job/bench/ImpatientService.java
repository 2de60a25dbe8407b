package io.bytelm.job.bench;

import io.bytelm.lm.batch.Terms;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A service some of whose callers give up and ask again, as sessions do whose attempt took too long: of sixteen requests one
 * is cancelled while it waits, and one waits no longer than a millisecond. What they get in the end is the same. Thread-safe.
 */
final class ImpatientService implements TrieLmService {
    private static final long ONE_IN = 16;
    private static final long SHORT_PATIENCE_MILLIS = 1;

    private final TrieLmService service;
    private final AtomicLong asked = new AtomicLong();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder late = new LongAdder();

    /** @param service stays open when this is closed */
    ImpatientService(TrieLmService service) {
        this.service = service;
    }

    @Override
    public Vocabulary vocabulary() {
        return service.vocabulary();
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        return expand(request, Terms.NONE);
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request, Terms terms) {
        long turn = asked.incrementAndGet() % ONE_IN;
        if (turn == 0 && service.expand(request, terms).cancel(false)) {
            cancelled.increment();
        }
        return turn == ONE_IN / 2 ? briefly(request, terms) : service.expand(request, terms);
    }

    private CompletableFuture<Expansion> briefly(ExpandRequest request, Terms terms) {
        return service.expand(request, new Terms(terms.client(), terms.session(), SHORT_PATIENCE_MILLIS))
                .exceptionallyComposeAsync(failure -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    if (cause instanceof ServiceRefusedException refused
                            && refused.reason() == ServiceRefusedException.Reason.LATE) {
                        late.increment();
                        return service.expand(request, terms);
                    }
                    return CompletableFuture.failedFuture(failure);
                });
    }

    /** How many requests were cancelled before they were answered. */
    long cancelled() {
        return cancelled.sum();
    }

    /** How many requests were not answered in the time that they had. */
    long late() {
        return late.sum();
    }

    @Override
    public void close() {}
}
