package io.bytelm.service.grpc;

import io.bytelm.lm.batch.Terms;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request on its way, and where it is. All but the answer is for the client's loop. */
final class PendingCall {
    private final ExpandRequest request;
    private final Terms terms;
    private final CompletableFuture<Expansion> answer = new CompletableFuture<>();
    private final long sinceNanos = System.nanoTime();
    private @Nullable EndpointStream stream;
    private long id;
    private int moves;

    PendingCall(ExpandRequest request, Terms terms) {
        this.request = request;
        this.terms = terms;
    }

    ExpandRequest request() {
        return request;
    }

    /** Whoever waits; any thread completes or cancels it. */
    CompletableFuture<Expansion> answer() {
        return answer;
    }

    long session() {
        return terms.session();
    }

    /** The terms with the patience that is left, 1 ms at least. */
    Terms termsNow() {
        if (terms.patienceMillis() == Long.MAX_VALUE) {
            return terms;
        }
        return new Terms(terms.client(), terms.session(), Math.max(1, terms.patienceMillis() - waitedMillis()));
    }

    boolean isLate() {
        return waitedMillis() >= terms.patienceMillis();
    }

    long waitedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
    }

    long patienceMillis() {
        return terms.patienceMillis();
    }

    /** It is sent along a stream, under an id. */
    void isSent(EndpointStream along, long newId) {
        stream = along;
        id = newId;
    }

    /** Where it was sent; null if it waits for an endpoint. */
    @Nullable
    EndpointStream stream() {
        return stream;
    }

    long id() {
        return id;
    }

    /** Its endpoint has gone. @return how often that was */
    int moves() {
        stream = null;
        return ++moves;
    }
}
