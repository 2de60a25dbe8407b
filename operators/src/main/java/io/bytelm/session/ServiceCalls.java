package io.bytelm.session;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.TrieLmService;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * Calls the service with a timeout for each attempt and a jittered exponential backoff between attempts. An answer that
 * comes after its attempt's timeout is ignored. Confined to the task thread; answers enter it through the work queue.
 */
final class ServiceCalls implements AutoCloseable {
    private final TrieLmService service;
    private final RetrySettings settings;
    private final MailboxWorkQueue work;
    private final ProcessingTimeService clock;
    private final SessionMetrics metrics;
    private final Random jitter;
    private final Deadlines<ServiceAttempt> running;
    private boolean closed;

    ServiceCalls(
            TrieLmService service,
            RetrySettings settings,
            MailboxWorkQueue work,
            ProcessingTimeService clock,
            SessionMetrics metrics,
            Random jitter) {
        this.service = service;
        this.settings = settings;
        this.work = work;
        this.clock = clock;
        this.metrics = metrics;
        this.jitter = jitter;
        this.running = new Deadlines<>(clock, settings.timeoutMillis(), this::timedOut);
    }

    /** Never calls the caller back before it returns. */
    void start(List<ExpandRequest> requests, ServiceCall.Caller caller) {
        attempt(new ServiceCall(requests, caller));
    }

    /** How many attempts the service works on that have not timed out. */
    int running() {
        return running.size();
    }

    /** Calls nobody back from now on. */
    @Override
    public void close() {
        closed = true;
        running.clear();
    }

    private void attempt(ServiceCall call) {
        call.countAttempt();
        metrics.requestsSent(call.requests().size());
        ServiceAttempt attempt = new ServiceAttempt(call);
        running.begin(attempt);
        attempt.issue(service, () -> work.add(() -> settled(attempt)));
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
            attempt.call().caller().onAnswers(attempt.answers());
        } else {
            metrics.attemptFailed();
            tryAgain(attempt.call(), failure);
        }
    }

    private void timedOut(ServiceAttempt attempt) throws Exception {
        metrics.attemptTimedOut();
        tryAgain(
                attempt.call(),
                new TimeoutException("no answer of the service within " + settings.timeoutMillis() + " ms"));
    }

    private void tryAgain(ServiceCall call, Throwable failure) throws Exception {
        if (failure instanceof ServiceClosedException closedBeneathUs) {
            throw closedBeneathUs; // it stays closed: only a restart of the task opens it again
        }
        if (call.attemptsMade() >= settings.attempts()) {
            call.caller().onFailure(call.attemptsMade(), failure);
            return;
        }
        metrics.retry();
        long pauseMillis = settings.backoffMillis(call.attemptsMade(), jitter);
        // A failing timer fails the task by itself.
        var unused = clock.registerTimer(clock.getCurrentProcessingTime() + pauseMillis, timer -> {
            if (!closed) {
                attempt(call);
            }
        });
    }
}
