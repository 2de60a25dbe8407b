package io.bytelm.service;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One service a JVM and key: whoever joins gets a lease on the same one, and the last lease that is closed closes it. The
 * registry is as wide as the class loader of this class, so on a cluster these classes belong where all jobs share them.
 */
public final class SharedService {
    private record Shared(TrieLmService service, int leases) {}

    private static final ConcurrentMap<Object, Shared> OPEN = new ConcurrentHashMap<>();

    private SharedService() {}

    /**
     * Joins the service that is open under a key, or opens it. Several threads that come first together open once; the
     * others wait. If opening fails, nothing is remembered: each of those who waited, and whoever comes later, tries
     * again. Joining also waits while the service of the same key is being closed, so there are never two.
     *
     * @param key a value of all settings that make one service differ from another, such as a record
     * @param opener opens the service; whatever it throws is thrown on
     * @return a lease; closing it twice is closing it once
     */
    public static TrieLmService join(Object key, Supplier<? extends TrieLmService> opener) {
        Shared joined = OPEN.compute(
                key,
                (k, shared) -> shared == null
                        ? new Shared(opener.get(), 1)
                        : new Shared(shared.service(), shared.leases() + 1));
        return new Lease(key, joined.service());
    }

    private static void leave(Object key) {
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        OPEN.computeIfPresent(key, (k, shared) -> {
            if (shared.leases() > 1) {
                return new Shared(shared.service(), shared.leases() - 1);
            }
            try {
                shared.service().close();
            } catch (RuntimeException e) {
                failure.set(e); // thrown from in here it would keep a service that is half closed
            }
            return null;
        });
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static final class Lease implements TrieLmService {
        private final Object key;
        private final TrieLmService service;
        private final AtomicBoolean closed = new AtomicBoolean();

        Lease(Object key, TrieLmService service) {
            this.key = key;
            this.service = service;
        }

        @Override
        public Vocabulary vocabulary() {
            return service.vocabulary();
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            if (closed.get()) {
                return CompletableFuture.failedFuture(
                        new ServiceClosedException("this lease on the trie/LM service is closed"));
            }
            return service.expand(request);
        }

        @Override
        public @Nullable ServiceStatistics statistics() {
            return service.statistics();
        }

        @Override
        public long keptTokens() {
            return service.keptTokens();
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
        public StateRoom room() {
            return service.room();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                leave(key);
            }
        }
    }
}
