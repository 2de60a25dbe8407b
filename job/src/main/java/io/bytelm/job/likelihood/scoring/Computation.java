package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.Step;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.MailboxWorkQueue;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes one computation through the service on the task thread, without holding it: what waits for the model goes on as a
 * piece of work in the mailbox.
 *
 * @param <T> what is computed
 */
final class Computation<T> {
    /** Is told the result and how many contexts were asked for; on the task thread. */
    @FunctionalInterface
    interface Done<T> {
        void accept(T value, long asked) throws Exception;
    }

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
            CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
            if (!all.isDone()) {
                all.whenComplete(
                        (nothing, failure) -> work.add(() -> goOn(ask.then().apply(joined(answers)))));
                return;
            }
            at = ask.then().apply(joined(answers));
        }
        done.accept(((Step.Done<T>) at).value(), asked);
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
