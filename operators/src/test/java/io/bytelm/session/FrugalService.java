package io.bytelm.session;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;

/** Answers at once, but no more often than the test allows; what is asked beyond stays unanswered. */
final class FrugalService implements TrieLmService {
    private final TrieLmService oracle;
    private int allowed;

    FrugalService(TrieLmService oracle) {
        this.oracle = oracle;
    }

    /** From here on it answers so often. */
    void allow(int answers) {
        allowed = answers;
    }

    @Override
    public Vocabulary vocabulary() {
        return oracle.vocabulary();
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        if (allowed-- <= 0) {
            return new CompletableFuture<>();
        }
        return CompletableFuture.completedFuture(oracle.expand(request).join());
    }

    @Override
    public void close() {}
}
