package io.bytelm.job.sql;

import io.bytelm.lm.batch.Terms;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.InvalidExpansionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One try to get all requests of a step answered. Confined to the thread of its {@link Computation}. */
final class Attempt {
    private final List<CompletableFuture<Expansion>> answers;
    private final int number;
    private boolean isSettled;

    private Attempt(List<CompletableFuture<Expansion>> answers, int number) {
        this.answers = answers;
        this.number = number;
    }

    static Attempt first(TrieLmService service, List<ExpandRequest> requests, Terms terms) {
        List<CompletableFuture<Expansion>> answers = new ArrayList<>(requests.size());
        requests.forEach(request -> answers.add(ask(service, request, terms)));
        return new Attempt(answers, 1);
    }

    /** Another one, which keeps the answers that are there. */
    Attempt again(TrieLmService service, List<ExpandRequest> requests, Terms terms, int newNumber) {
        List<CompletableFuture<Expansion>> again = new ArrayList<>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            CompletableFuture<Expansion> answer = answers.get(i);
            again.add(isValid(answer) ? answer : ask(service, requests.get(i), terms));
        }
        return new Attempt(again, newNumber);
    }

    private static CompletableFuture<Expansion> ask(TrieLmService service, ExpandRequest request, Terms terms) {
        try {
            return service.expand(request, terms);
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** Counted from 1. */
    int number() {
        return number;
    }

    boolean isAnswered() {
        return answers.stream().allMatch(Attempt::isValid);
    }

    private static boolean isValid(CompletableFuture<Expansion> answer) {
        return answer.isDone()
                && !answer.isCompletedExceptionally()
                && InvalidExpansionException.find(List.of(answer.join())) == null;
    }

    /** One a request, in their order; only once all are there. */
    List<Expansion> answers() {
        return answers.stream().map(CompletableFuture::join).toList();
    }

    /**
     * Waits until all requests are answered or have failed, no longer than the timeout.
     *
     * @param owner runs what is to be done then
     * @param outcome is told once, on the computations' thread: null if all are answered, else why not
     */
    void onceSettled(Computation<?> owner, long timeoutMillis, Consumer<@Nullable Throwable> outcome) {
        Future<?> timer = owner.schedule(
                () -> settle(outcome, new TimeoutException("no answer within " + timeoutMillis + " ms")),
                timeoutMillis);
        var unused = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((nothing, failure) -> owner.execute(() -> {
                    timer.cancel(false);
                    settle(outcome, failure == null ? InvalidExpansionException.find(answers()) : failure);
                }));
    }

    private void settle(Consumer<@Nullable Throwable> outcome, @Nullable Throwable failure) {
        if (isSettled) {
            return;
        }
        isSettled = true;
        if (failure != null) {
            cancel();
        }
        outcome.accept(
                failure instanceof CompletionException wrapper && wrapper.getCause() != null
                        ? wrapper.getCause()
                        : failure);
    }

    /** Wants no answer any more that is not there. */
    void cancel() {
        answers.forEach(answer -> answer.cancel(false));
    }
}
