package io.bytelm.session;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.TrieLmService;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.jspecify.annotations.Nullable;

/**
 * Calls the service with a timeout for each attempt, a jittered exponential backoff between attempts, and a circuit
 * breaker. While that is open calls wait and no attempts are made; there is at most one call for each session that is
 * worked on. A probe is no attempt of the call that it was made with: what a service that is gone costs is not the call's
 * to bear but bounded for all of them together, by the {@link Outage}. An answer that comes after its attempt's timeout is
 * not wanted any more; the attempt after it usually finds it in the service's cache.
 *
 * <p>Confined to the task thread; answers enter it through the work queue.
 */
final class ServiceCalls implements AutoCloseable {
    private final TrieLmService service;
    private final RetrySettings settings;
    private final CircuitBreaker breaker;
    private final MailboxWorkQueue work;
    private final ProcessingTimeService clock;
    private final SessionMetrics metrics;
    private final Random jitter;
    private final Deadlines<ServiceAttempt> running;
    private final Outage outage;
    private final Set<ServiceCall> open = new LinkedHashSet<>(); // all of them, also those that wait for a pause to end
    private final Queue<ServiceCall> waiting = new ArrayDeque<>();
    private final long giveUpAfterMillis;
    private @Nullable ServiceAttempt probe;
    private @Nullable Throwable lastFailure;
    private boolean closed;

    ServiceCalls(
            TrieLmService service,
            SessionSettings settings,
            MailboxWorkQueue work,
            ProcessingTimeService clock,
            SessionMetrics metrics,
            Random jitter) {
        this.service = service;
        this.settings = settings.retry();
        this.breaker = new CircuitBreaker(settings.breaker(), jitter);
        this.work = work;
        this.clock = clock;
        this.metrics = metrics;
        this.jitter = jitter;
        this.running = new Deadlines<>(clock, this.settings.timeoutMillis(), this::timedOut);
        this.giveUpAfterMillis = settings.breaker().giveUpAfterMillis();
        this.outage = new Outage(clock, giveUpAfterMillis, this::giveUp);
    }

    /**
     * Never calls the caller back before it returns.
     *
     * @param session {@link SessionKey#number}
     */
    void start(List<ExpandRequest> requests, long session, ServiceCall.Caller caller) {
        ServiceCall call = new ServiceCall(requests, session, caller);
        open.add(call);
        attempt(call);
    }

    /** How many attempts the service works on that have not timed out. */
    int running() {
        return running.size();
    }

    /** How many calls wait for the breaker to close. */
    int waiting() {
        return waiting.size();
    }

    /** 0 closed, 1 probing, 2 open. */
    int breakerState() {
        return breaker.state().ordinal();
    }

    /** How long (ms) calls have been waiting without any answer; 0 if none waits. */
    long outageMillis() {
        return outage.millis();
    }

    /** Calls nobody back from now on. */
    @Override
    public void close() {
        closed = true;
        forgetAll();
    }

    private void forgetAll() {
        running.removeAll().forEach(ServiceAttempt::abandon);
        waiting.clear();
        open.clear();
        probe = null;
        outage.stop();
    }

    private void attempt(ServiceCall call) {
        if (breaker.state() == CircuitBreaker.State.CLOSED) {
            call.countAttempt();
            send(new ServiceAttempt(call));
        } else if (breaker.state() == CircuitBreaker.State.PROBING && probe == null) {
            probe = new ServiceAttempt(call);
            send(probe);
        } else {
            waiting.add(call);
        }
    }

    private void send(ServiceAttempt attempt) {
        metrics.requestsSent(attempt.call().requests().size());
        running.begin(attempt);
        outage.asked();
        attempt.issue(service, settings.timeoutMillis(), () -> work.add(() -> settled(attempt)));
    }

    private void settled(ServiceAttempt attempt) throws Exception {
        if (!running.end(attempt)) {
            metrics.lateAnswer();
            return;
        }
        metrics.attemptTook(attempt.tookNanos());
        Throwable failure = attempt.failure();
        if (failure == null) {
            failure = InvalidExpansionException.find(attempt.answers());
        }
        if (failure == null) {
            succeeded(attempt.call());
            attempt.call().caller().onAnswers(attempt.answers());
        } else {
            metrics.attemptFailed();
            failed(attempt, failure);
        }
    }

    private void timedOut(ServiceAttempt attempt) throws Exception {
        metrics.attemptTimedOut();
        failed(attempt, new TimeoutException("no answer of the service within " + settings.timeoutMillis() + " ms"));
    }

    private void succeeded(ServiceCall answered) {
        breaker.succeeded();
        open.remove(answered);
        outage.answered(!open.isEmpty());
        probe = null;
        lastFailure = null;
        attemptWaiting();
    }

    private void attemptWaiting() {
        for (ServiceCall call = waiting.poll(); call != null; call = waiting.poll()) {
            attempt(call);
        }
    }

    private void failed(ServiceAttempt attempt, Throwable failure) throws Exception {
        attempt.abandon();
        lastFailure = failure;
        if (failure instanceof ServiceClosedException closedBeneathUs) {
            throw closedBeneathUs; // it stays closed: only a restart of the task opens it again
        }
        if (failure instanceof ServiceRefusedException refused) {
            if (refused.reason() == ServiceRefusedException.Reason.WRONG_MODEL) {
                throw refused; // whoever opens it again says so, and that it is for good
            }
            if (refused.reason() == ServiceRefusedException.Reason.EXHAUSTED) {
                comeAgain(attempt, refused.retryAfterMillis());
                return;
            }
        }
        boolean wasProbe = attempt == probe;
        if (wasProbe) {
            probe = null;
        }
        if (breaker.failed(wasProbe)) {
            metrics.breakerOpened();
            after(breaker.nextPauseMillis(), this::letOneTry);
        }
        tryAgain(attempt.call(), failure);
    }

    /** The service is there, and had no room: that is no failure, and nobody else need wait. */
    private void comeAgain(ServiceAttempt attempt, long afterMillis) {
        metrics.retry();
        if (attempt == probe) {
            probe = null;
            breaker.succeeded();
            attemptWaiting();
        } else {
            attempt.call().uncountAttempt();
        }
        long pauseMillis = Math.max(1, Math.round(afterMillis * (0.5 + jitter.nextDouble())));
        after(pauseMillis, () -> attemptIfOpen(attempt.call()));
    }

    private void tryAgain(ServiceCall call, Throwable failure) throws Exception {
        if (call.attemptsMade() >= settings.attempts()) {
            open.remove(call);
            if (open.isEmpty()) {
                outage.stop();
            }
            call.caller()
                    .onFailure(
                            "the service failed " + call.attemptsMade() + " times, last with: " + failure.getMessage(),
                            failure);
            return;
        }
        metrics.retry();
        if (breaker.state() == CircuitBreaker.State.CLOSED) {
            after(settings.backoffMillis(Math.max(1, call.attemptsMade()), jitter), () -> attemptIfOpen(call));
        } else {
            waiting.add(call);
        }
    }

    private void attemptIfOpen(ServiceCall call) {
        if (open.contains(call)) {
            attempt(call);
        }
    }

    /** The service has answered nobody for too long: nobody waits for it any longer. Later calls have as long again. */
    private void giveUp() throws Exception {
        List<ServiceCall> failed = List.copyOf(open);
        Throwable last = lastFailure;
        forgetAll();
        String message = "the service has answered nothing for " + giveUpAfterMillis + " ms"
                + (last == null ? "" : "; it failed last with: " + last.getMessage());
        for (ServiceCall call : failed) {
            call.caller().onFailure(message, last == null ? new TimeoutException(message) : last);
        }
    }

    private void letOneTry() {
        breaker.probe();
        ServiceCall call = waiting.poll();
        if (call != null) {
            attempt(call);
        }
    }

    private void after(long pauseMillis, Runnable what) {
        // A failing timer fails the task by itself.
        var unused = clock.registerTimer(clock.getCurrentProcessingTime() + pauseMillis, timer -> {
            if (!closed) {
                what.run();
            }
        });
    }
}
