package io.bytelm.session;

import io.bytelm.lm.batch.Terms;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One try to get all requests of a {@link ServiceCall} answered. It is settled once: when the last answer is there, or
 * at the first failure. Answers come on any thread; the outcome may be read by whoever was told that it is settled.
 */
final class ServiceAttempt {
    private final ServiceCall call;
    private final long startNanos = System.nanoTime();
    private final @Nullable Expansion[] answers;
    private final List<CompletableFuture<Expansion>> asked;
    private final AtomicInteger missing;
    private final AtomicBoolean isSettled = new AtomicBoolean();
    private long tookNanos;
    private @Nullable Throwable failure;

    ServiceAttempt(ServiceCall call) {
        this.call = call;
        this.answers = new Expansion[call.requests().size()];
        this.asked = new ArrayList<>(answers.length);
        this.missing = new AtomicInteger(answers.length);
    }

    ServiceCall call() {
        return call;
    }

    /**
     * Issues all requests, also when one fails at once.
     *
     * @param patienceMillis how long the answers are of use
     * @param whenSettled runs on the thread that settles the attempt, which may be this one
     */
    void issue(TrieLmService service, long patienceMillis, Runnable whenSettled) {
        Terms terms = new Terms(0, call.session(), patienceMillis);
        for (int i = 0; i < answers.length; i++) {
            int at = i;
            CompletableFuture<Expansion> answer =
                    expand(service, call.requests().get(at), terms);
            asked.add(answer);
            var unused = answer.whenComplete((expansion, error) -> take(at, expansion, error, whenSettled));
        }
    }

    /**
     * Wants no answer any more, so that the service need hold neither the requests nor who asked. Called by the thread that
     * issued them.
     */
    void abandon() {
        isSettled.set(true);
        asked.forEach(answer -> answer.cancel(false));
        asked.clear();
    }

    /** Why it failed; null if all answers are there. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** One a request, in the requests' order; only of an attempt that did not fail. */
    @SuppressWarnings("NullAway") // none is missing in an attempt that is settled and did not fail
    List<Expansion> answers() {
        return List.of(answers);
    }

    long tookNanos() {
        return tookNanos;
    }

    private static CompletableFuture<Expansion> expand(TrieLmService service, ExpandRequest request, Terms terms) {
        try {
            return service.expand(request, terms);
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private void take(int at, @Nullable Expansion answer, @Nullable Throwable error, Runnable whenSettled) {
        answers[at] = answer;
        boolean isLast = missing.decrementAndGet() == 0;
        if ((error != null || isLast) && isSettled.compareAndSet(false, true)) {
            failure = error instanceof CompletionException wrapper && wrapper.getCause() != null
                    ? wrapper.getCause()
                    : error;
            tookNanos = System.nanoTime() - startNanos;
            whenSettled.run();
        }
    }
}
