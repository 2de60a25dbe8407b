package io.bytelm.session;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A model for jobs in this JVM, so slow that it answers nothing at all until the test lets it go. */
final class HeldBackService implements TrieLmService {
    private static final AtomicInteger ASKED = new AtomicInteger();
    private static volatile CompletableFuture<Void> released = new CompletableFuture<>();

    /** From now on nothing is answered. */
    static void holdBack() {
        ASKED.set(0);
        released = new CompletableFuture<>();
    }

    /** Answers what waits and all that comes. */
    static void release() {
        released.complete(null);
    }

    /** How many requests came since it is held back. */
    static int asked() {
        return ASKED.get();
    }

    @Override
    public Vocabulary vocabulary() {
        return ControlledService.VOCABULARY;
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        ASKED.incrementAndGet();
        return released.thenApply(unused -> ControlledService.answerTo(request));
    }

    @Override
    public void close() {}
}
