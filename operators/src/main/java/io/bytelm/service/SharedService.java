package io.bytelm.service;

import io.bytelm.lm.DeviceMemory;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.batch.Terms;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service a JVM and key: whoever joins gets a lease on the same one. When the last lease is closed the service stays
 * open for as long as that lease lingers, so that a job that is restarted finds its model loaded and its caches warm. The
 * registry is as wide as the class loader of this class, so on a cluster these classes belong where all jobs share them.
 */
public final class SharedService {
    private static final Logger LOG = LoggerFactory.getLogger(SharedService.class);
    private static final ConcurrentMap<Object, Shared> OPEN = new ConcurrentHashMap<>();
    private static final ScheduledExecutorService CLOSER = closer();
    private static final AtomicLong LEASES = new AtomicLong();

    /** @param closing what closes a service that nobody has a lease on; null while somebody has */
    private record Shared(
            TrieLmService service, int leases, @Nullable ScheduledFuture<?> closing) {}

    private SharedService() {}

    /** The same with leases that do not linger. */
    public static TrieLmService join(Object key, Supplier<? extends TrieLmService> opener) {
        return join(key, Duration.ZERO, opener);
    }

    /**
     * Joins the service that is open under a key, or opens it. Several threads that come first together open once; the
     * others wait. If opening fails, nothing is remembered: each of those who waited, and whoever comes later, tries
     * again. Joining also waits while the service of the same key is being closed, so there are never two.
     *
     * @param key a value of all settings that make one service differ from another, such as a record; it and the opener
     *     are kept as long as the service, and so is the class loader of their classes
     * @param linger how long the service stays open when this lease was the last one
     * @param opener opens the service; whatever it throws is thrown on
     * @return a lease; closing it twice is closing it once
     */
    public static TrieLmService join(Object key, Duration linger, Supplier<? extends TrieLmService> opener) {
        Shared joined = OPEN.compute(
                key,
                (k, shared) -> shared == null
                        ? new Shared(opened(key, opener), 1, null)
                        : new Shared(stayingOpen(shared), shared.leases() + 1, null));
        return new Lease(key, joined.service(), linger);
    }

    private static TrieLmService opened(Object key, Supplier<? extends TrieLmService> opener) {
        long start = System.nanoTime();
        TrieLmService service = opener.get();
        LOG.info("Opened {} in {} ms", key, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        return service;
    }

    private static TrieLmService stayingOpen(Shared shared) {
        if (shared.closing() != null) {
            shared.closing().cancel(false);
        }
        return shared.service();
    }

    private static void leave(Object key, Duration linger) {
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        OPEN.computeIfPresent(key, (k, shared) -> {
            int left = shared.leases() - 1;
            if (left > 0) {
                return new Shared(shared.service(), left, null);
            }
            if (linger.isZero()) {
                failure.set(closed(shared.service()));
                LOG.info("Closed {}", key);
                return null;
            }
            ScheduledFuture<?> closing =
                    CLOSER.schedule(() -> closeUnlessJoined(key), linger.toMillis(), TimeUnit.MILLISECONDS);
            return new Shared(shared.service(), 0, closing);
        });
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static void closeUnlessJoined(Object key) {
        OPEN.computeIfPresent(key, (k, shared) -> {
            if (shared.leases() > 0) {
                return shared;
            }
            RuntimeException failure = closed(shared.service());
            if (failure != null) {
                LOG.warn("A model that nobody uses any more could not be closed", failure);
            }
            LOG.info("Closed {}, which nobody has used for a while", key);
            return null;
        });
    }

    /** What went wrong; thrown from within the registry it would keep a service that is half closed. */
    private static @Nullable RuntimeException closed(TrieLmService service) {
        try {
            service.close();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** Its thread belongs to no job: with a job's class loader as its context it would keep all of the job's classes. */
    private static ScheduledExecutorService closer() {
        ScheduledThreadPoolExecutor closer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "bytelm-lingering-models");
            thread.setDaemon(true);
            thread.setContextClassLoader(SharedService.class.getClassLoader());
            return thread;
        });
        closer.setRemoveOnCancelPolicy(true);
        return closer;
    }

    private static final class Lease implements TrieLmService {
        private final Object key;
        private final TrieLmService service;
        private final Duration linger;
        private final long client = LEASES.incrementAndGet();
        private final AtomicBoolean closed = new AtomicBoolean();

        Lease(Object key, TrieLmService service, Duration linger) {
            this.key = key;
            this.service = service;
            this.linger = linger;
        }

        @Override
        public Vocabulary vocabulary() {
            return service.vocabulary();
        }

        @Override
        public CanonicalRules canonicalRules() {
            return service.canonicalRules();
        }

        @Override
        public byte[] tokenizerJson() {
            return service.tokenizerJson();
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return expand(request, Terms.NONE);
        }

        /** Who shares a lease is one client, whatever the terms say. */
        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request, Terms terms) {
            if (closed.get()) {
                return CompletableFuture.failedFuture(
                        new ServiceClosedException("this lease on the trie/LM service is closed"));
            }
            return service.expand(request, terms.of(client));
        }

        @Override
        public @Nullable ServiceStatistics statistics() {
            return service.statistics();
        }

        @Override
        public @Nullable DeviceMemory deviceMemory() {
            return service.deviceMemory();
        }

        @Override
        public @Nullable ConnectionStatistics connections() {
            return service.connections();
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
                leave(key, linger);
            }
        }
    }
}
