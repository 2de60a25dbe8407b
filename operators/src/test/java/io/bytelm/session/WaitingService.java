package io.bytelm.session;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for each answer before it returns, so that a harness has run to the end when it has no mail.
 *
 * @param service stays open
 */
record WaitingService(TrieLmService service) implements TrieLmService {
    @Override
    public Vocabulary vocabulary() {
        return service.vocabulary();
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        return CompletableFuture.completedFuture(service.expand(request).join());
    }

    @Override
    public void close() {}
}
