package io.bytelm.job;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The service of a model for a job in this JVM. Once a number of requests has come, it answers the others only when they
 * are let go: until then the job cannot come to its end, however fast it is.
 *
 * @param answeredAtOnce how many requests, of all that come to such services in this JVM
 */
record HeldServiceSource(ServiceSource model, int answeredAtOnce) implements ServiceSource {
    private static final long serialVersionUID = 1;
    private static final AtomicInteger ASKED = new AtomicInteger();
    private static final CompletableFuture<Void> LET_GO = new CompletableFuture<>();

    /** Answers what waits and all that comes. */
    static void letGo() {
        LET_GO.complete(null);
    }

    /** How many requests came so far. */
    static int asked() {
        return ASKED.get();
    }

    @Override
    public TrieLmService open() {
        return new Held(model.open(), answeredAtOnce);
    }

    private record Held(TrieLmService service, int answeredAtOnce) implements TrieLmService {
        @Override
        public Vocabulary vocabulary() {
            return service.vocabulary();
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return ASKED.incrementAndGet() <= answeredAtOnce
                    ? service.expand(request)
                    : LET_GO.thenCompose(unused -> service.expand(request));
        }

        @Override
        public long contextTokens() {
            return service.contextTokens();
        }

        @Override
        public ModelIdentity identity() {
            return service.identity();
        }

        @Override
        public void close() {
            service.close();
        }
    }
}
