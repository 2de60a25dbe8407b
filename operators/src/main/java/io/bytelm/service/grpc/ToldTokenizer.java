package io.bytelm.service.grpc;

import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.proto.Sealed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server tells of how its tokenizer writes texts. It is found out when a client first asks, by a thread of its own, and
 * then kept, however many ask: the file is read and compared with its library once. Any thread.
 */
final class ToldTokenizer {
    private static final Logger LOG = LoggerFactory.getLogger(ToldTokenizer.class);
    private static final ThreadFactory THREADS = DaemonThreads.named("bytelm-serve-tokenizer");

    private final TrieLmService service;
    private final AtomicReference<@Nullable CompletableFuture<List<Sealed>>> told = new AtomicReference<>();

    ToldTokenizer(TrieLmService service) {
        this.service = service;
    }

    /** Returns at once. Fails if it could not be found out now; who asks then begins anew, one at a time. */
    CompletableFuture<List<Sealed>> parts() {
        CompletableFuture<List<Sealed>> own = new CompletableFuture<>();
        CompletableFuture<List<Sealed>> before = told.compareAndExchange(null, own);
        if (before != null) {
            return before;
        }
        THREADS.newThread(() -> findOut(own)).start();
        return own;
    }

    private void findOut(CompletableFuture<List<Sealed>> own) {
        try {
            own.complete(found());
        } catch (RuntimeException | Error e) { // who waits must hear of it
            LOG.warn("How the tokenizer writes texts could not be found out", e);
            told.set(null);
            own.completeExceptionally(e);
        }
    }

    private List<Sealed> found() {
        try {
            long fingerprint = service.canonicalRules().fingerprint();
            return WireTokenizer.of(
                    service.tokenizerJson(), service.vocabulary().size(), fingerprint);
        } catch (NoCanonicalTokenizationsException e) {
            return WireTokenizer.refusal(String.valueOf(e.getMessage()));
        }
    }
}
