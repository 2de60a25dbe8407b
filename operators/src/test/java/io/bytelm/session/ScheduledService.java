package io.bytelm.session;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A service whose requests wait until a schedule picks one, in random order. The answers are those of another service,
 * except for requests that the operator has given up: they get a wrong answer, which must go unnoticed.
 */
final class ScheduledService implements TrieLmService {
    private static final class Waiting {
        final ExpandRequest request;
        final CompletableFuture<Expansion> answer = new CompletableFuture<>();
        boolean isGivenUp;

        Waiting(ExpandRequest request) {
            this.request = request;
        }
    }

    private final TrieLmService oracle;
    private final Random random;
    private final int slowPercent;
    private final List<Waiting> waiting = new ArrayList<>();

    /** @param slowPercent how many in a hundred of the requests, chosen by their paths, are rarely picked */
    ScheduledService(TrieLmService oracle, Random random, int slowPercent) {
        this.oracle = oracle;
        this.random = random;
        this.slowPercent = slowPercent;
    }

    @Override
    public Vocabulary vocabulary() {
        return oracle.vocabulary();
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        Waiting call = new Waiting(request);
        waiting.add(call);
        return call.answer;
    }

    @Override
    public long contextTokens() {
        return oracle.contextTokens();
    }

    @Override
    public ModelIdentity identity() {
        return oracle.identity();
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Answers the oldest request. */
    void answerOldest() {
        answer(waiting.remove(0));
    }

    /** Answers the newest request. */
    void answerNewest() {
        answer(waiting.remove(waiting.size() - 1));
    }

    /** Answers any request. */
    void answerAny() {
        answer(pick());
    }

    void failAny() {
        pick().answer.completeExceptionally(new ModelException("a fault of the schedule"));
    }

    /** What waits now has been given up by the operator. */
    void giveUpAll() {
        waiting.forEach(call -> call.isGivenUp = true);
    }

    @Override
    public void close() {
        waiting.forEach(call -> call.answer.completeExceptionally(new ServiceClosedException("closed")));
        waiting.clear();
    }

    private void answer(Waiting call) {
        call.answer.complete(
                call.isGivenUp
                        ? ControlledService.answerOf(-1e9)
                        : oracle.expand(call.request).join());
    }

    private Waiting pick() {
        int at = random.nextInt(waiting.size());
        if (isSlow(waiting.get(at)) && random.nextInt(10) > 0) {
            at = random.nextInt(waiting.size());
        }
        return waiting.remove(at);
    }

    private boolean isSlow(Waiting call) {
        return Math.floorMod(Arrays.hashCode(call.request.path()), 100) < slowPercent;
    }
}
