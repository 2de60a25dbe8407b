package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.Step;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.ServiceRefusedException.Reason;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.MailboxWorkQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Takes one computation through the service on the task thread, without holding it: what waits for the model goes on as a
 * piece of work in the mailbox. What the service refuses for now is asked again, for some minutes.
 *
 * @param <T> what is computed
 */
final class Computation<T> {
    /** Is told the result and how many contexts were asked for; on the task thread. */
    @FunctionalInterface
    interface Done<T> {
        void accept(T value, long asked) throws Exception;
    }

    /** With the pauses between, and where a remote service is away as long as each attempt looks for it: some five minutes. */
    private static final int MOST_ATTEMPTS = 30;

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final TrieLmService service;
    private final Terms terms;
    private final MailboxWorkQueue work;
    private final Done<T> done;
    private long asked;

    /** @param text a number of the text that is read, by which its requests find the states of those before */
    Computation(TrieLmService service, long text, MailboxWorkQueue work, Done<T> done) {
        this.service = service;
        this.terms = new Terms(0, text, Long.MAX_VALUE);
        this.work = work;
        this.done = done;
    }

    /** Goes on for as long as answers are at hand. A failed answer is thrown on the task thread, and fails the task. */
    void goOn(Step<T> step) throws Exception {
        Step<T> at = step;
        while (at instanceof Step.Ask<T> ask) {
            asked += ask.requests().size();
            List<CompletableFuture<Expansion>> answers = ask.requests().stream()
                    .map(request -> service.expand(request, terms))
                    .toList();
            if (!areAtHand(answers)) {
                awaitAnswers(ask, answers, 1);
                return;
            }
            at = ask.then().apply(joined(answers));
        }
        done.accept(((Step.Done<T>) at).value(), asked);
    }

    private static boolean areAtHand(List<CompletableFuture<Expansion>> answers) {
        return answers.stream().allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally());
    }

    private void awaitAnswers(Step.Ask<T> ask, List<CompletableFuture<Expansion>> answers, int attempts) {
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((nothing, failure) -> work.add(() -> goOnWith(ask, answers, attempts)));
    }

    private void goOnWith(Step.Ask<T> ask, List<CompletableFuture<Expansion>> answers, int attempts) throws Exception {
        long refused =
                answers.stream().filter(answer -> isRefusedForNow(answer)).count();
        long failed = answers.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .count();
        if (failed == 0 || refused < failed || attempts == MOST_ATTEMPTS) {
            goOn(ask.then().apply(joined(answers)));
        } else {
            CompletableFuture.delayedExecutor(pauseMillis(attempts), TimeUnit.MILLISECONDS)
                    .execute(() -> work.add(() -> awaitAnswers(ask, askedAgain(ask, answers), attempts + 1)));
        }
    }

    private static boolean isRefusedForNow(CompletableFuture<Expansion> answer) {
        if (!answer.isCompletedExceptionally()) {
            return false;
        }
        Throwable failure = answer.handle((expansion, thrown) -> thrown).join();
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ServiceRefusedException refusal
                && (refusal.reason() == Reason.UNAVAILABLE || refusal.reason() == Reason.EXHAUSTED);
    }

    private static long pauseMillis(int attempts) {
        return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempts - 1, 10));
    }

    private List<CompletableFuture<Expansion>> askedAgain(Step.Ask<T> ask, List<CompletableFuture<Expansion>> answers) {
        List<CompletableFuture<Expansion>> again = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            CompletableFuture<Expansion> answer = answers.get(i);
            again.add(
                    answer.isCompletedExceptionally()
                            ? service.expand(ask.requests().get(i), terms)
                            : answer);
        }
        return again;
    }

    private static List<Expansion> joined(List<CompletableFuture<Expansion>> answers) {
        try {
            return answers.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
