package io.bytelm.job.sql;

import io.bytelm.beam.Step;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.ServiceRefusedException.Reason;
import io.bytelm.service.StateRoom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of {@link Computations}, on their thread. Each step is tried again as {@link io.bytelm.session.RetrySettings} say;
 * what a service has no room for comes again when it has, which is no failure.
 */
final class Computation<T> {
    private final Computations owner;
    private final Terms terms;
    private final Supplier<Step<T>> begin;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private StateRoom.@Nullable Place place;
    private boolean hasBegun;
    private @Nullable Attempt running;

    Computation(Computations owner, long text, Supplier<Step<T>> begin) {
        this.owner = owner;
        this.terms = new Terms(0, text, owner.retry().timeoutMillis());
        this.begin = begin;
    }

    CompletableFuture<T> result() {
        return result;
    }

    /**
     * Runs something of this computation on its thread. What it throws ends the computation: the thread would keep that to
     * itself, and nobody would ever be answered.
     */
    void execute(Runnable work) {
        owner.execute(() -> guarded(work));
    }

    /** The same after a while. */
    Future<?> schedule(Runnable work, long afterMillis) {
        return owner.schedule(() -> guarded(work), afterMillis);
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error failure) { // of the computation: who waits for it decides
            fail(failure);
        }
    }

    /** Begins when the model keeps the states of that many tokens more. */
    void awaitRoom(long tokens) {
        StateRoom.Place asked = owner.room().ask(tokens, () -> execute(this::beginOnce));
        place = asked;
        if (asked.isThere()) {
            beginOnce();
        }
    }

    /** Room can be given between the question and the look at it; then both begin. */
    private void beginOnce() {
        if (!hasBegun) {
            hasBegun = true;
            goOn(begin);
        }
    }

    /** Goes on for as long as answers are at hand. */
    private void goOn(Supplier<Step<T>> next) {
        Step<T> at = next.get();
        while (at instanceof Step.Ask<T> ask) {
            Attempt attempt = Attempt.first(owner.service(), ask.requests(), terms);
            if (!attempt.isAnswered()) {
                await(ask, attempt);
                return;
            }
            List<Expansion> answers = attempt.answers();
            at = ask.then().apply(answers);
        }
        end();
        result.complete(((Step.Done<T>) at).value());
    }

    private void await(Step.Ask<T> ask, Attempt attempt) {
        running = attempt;
        attempt.onceSettled(this, owner.retry().timeoutMillis(), outcome -> {
            if (outcome == null) {
                goOn(() -> ask.then().apply(attempt.answers()));
            } else {
                failed(ask, attempt, outcome);
            }
        });
    }

    private void failed(Step.Ask<T> ask, Attempt attempt, Throwable failure) {
        if (failure instanceof ServiceClosedException || reasonOf(failure) == Reason.WRONG_MODEL) {
            fail(failure);
        } else if (failure instanceof ServiceRefusedException refused && refused.reason() == Reason.EXHAUSTED) {
            long pauseMillis = Math.max(
                    1,
                    Math.round(
                            refused.retryAfterMillis() * (0.5 + owner.jitter().nextDouble())));
            again(ask, attempt, attempt.number(), pauseMillis);
        } else if (attempt.number() >= owner.retry().attempts()) {
            String often = attempt.number() == 1 ? "" : " " + attempt.number() + " times, last with";
            fail(new ServiceFailedException("the model failed" + often + ": " + failure.getMessage(), failure));
        } else {
            again(ask, attempt, attempt.number() + 1, owner.retry().backoffMillis(attempt.number(), owner.jitter()));
        }
    }

    private static @Nullable Reason reasonOf(Throwable failure) {
        return failure instanceof ServiceRefusedException refused ? refused.reason() : null;
    }

    private void again(Step.Ask<T> ask, Attempt attempt, int number, long pauseMillis) {
        var unused =
                schedule(() -> await(ask, attempt.again(owner.service(), ask.requests(), terms, number)), pauseMillis);
    }

    private void fail(Throwable failure) {
        end();
        if (!owner.isClosed()) { // else it failed because it was
            result.completeExceptionally(failure);
        }
    }

    private void end() {
        owner.ended(this);
        if (place != null) {
            place.giveBack();
        }
    }

    /** Called once the thread has ended. */
    void abandon() {
        if (running != null) {
            running.cancel();
        }
    }
}
