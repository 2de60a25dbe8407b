package io.bytelm.session;

import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * How long calls have been waiting without a single answer of the service: from the first attempt that it left unanswered,
 * and again from each answer on for as long as other calls wait. One bound for the service as a whole, however many calls
 * share its failures. Confined to the task thread, but for {@link #millis}.
 */
final class Outage {
    private static final long NONE = Long.MIN_VALUE;

    private final ProcessingTimeService clock;
    private final long limitMillis;
    private final ThrowingRunnable<Exception> onLimit;
    private volatile long sinceMillis = NONE; // written by the task thread
    private boolean timerIsSet;

    /** @param onLimit is run when an outage has lasted for {@code limitMillis}, which is then over */
    Outage(ProcessingTimeService clock, long limitMillis, ThrowingRunnable<Exception> onLimit) {
        this.clock = clock;
        this.limitMillis = limitMillis;
        this.onLimit = onLimit;
    }

    /** An attempt begins. */
    void asked() {
        if (sinceMillis == NONE) {
            sinceMillis = clock.getCurrentProcessingTime();
            setTimer();
        }
    }

    /** The service has answered a call. */
    void answered(boolean othersWait) {
        sinceMillis = othersWait ? clock.getCurrentProcessingTime() : NONE;
    }

    /** No call waits any more. */
    void stop() {
        sinceMillis = NONE;
    }

    /** How long (ms) it has lasted; 0 if no call waits. Any thread may ask. */
    long millis() {
        long since = sinceMillis;
        return since == NONE ? 0 : Math.max(0, clock.getCurrentProcessingTime() - since);
    }

    /** One timer is enough: where the outage began anew meanwhile, it is set again when it fires. */
    private void setTimer() {
        if (!timerIsSet) {
            timerIsSet = true;
            // A failing timer fails the task by itself.
            var unused = clock.registerTimer(sinceMillis + limitMillis, this::onTimer);
        }
    }

    private void onTimer(long timerMillis) throws Exception {
        timerIsSet = false;
        if (sinceMillis == NONE) {
            return;
        }
        if (Math.max(timerMillis, clock.getCurrentProcessingTime()) < sinceMillis + limitMillis) {
            setTimer();
        } else {
            sinceMillis = NONE;
            onLimit.run();
        }
    }
}
