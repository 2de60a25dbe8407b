package io.bytelm.session;

import java.io.IOException;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.jspecify.annotations.Nullable;

/**
 * When idle sessions expire, by a clock that stands still while the job is down. A session has one timer, and its time is
 * also in keyed state. Times are rounded up to a sixteenth of the time to live, so that a busy session moves its timer that
 * seldom and not with every record. A timer from before an outage fires too early; it is then set anew. Every method speaks
 * of the session that is the current key.
 */
final class SessionTtl {
    /** The name of the timers in a savepoint. */
    static final String TIMERS = "session-ttl";

    private static final String NAME = "expiry";
    private static final int STEPS_PER_TTL = 16;

    private final InternalTimerService<VoidNamespace> timers;
    private final TtlClock clock;
    private final long ttlMillis;
    private final long stepMillis;
    private final ValueState<Long> expiryMillis;

    /** @param ttlMillis 0 for sessions that never expire */
    SessionTtl(KeyedStateStore states, InternalTimerService<VoidNamespace> timers, TtlClock clock, long ttlMillis) {
        this.timers = timers;
        this.clock = clock;
        this.ttlMillis = ttlMillis;
        this.stepMillis = Math.max(1, ttlMillis / STEPS_PER_TTL);
        this.expiryMillis = states.getState(new ValueStateDescriptor<>(NAME, Types.LONG));
    }

    /** The session was used. */
    void restart() throws IOException {
        if (ttlMillis == 0) {
            return;
        }
        long nextMillis = roundedUp(clock.nowMillis() + ttlMillis);
        Long setMillis = expiryMillis.value();
        if (setMillis == null || setMillis != nextMillis) {
            deleteTimer(setMillis);
            setTimer(nextMillis);
            expiryMillis.update(nextMillis);
        }
    }

    /** The session is no more. */
    void stop() throws IOException {
        Long setMillis = expiryMillis.value();
        if (setMillis != null) {
            deleteTimer(setMillis);
            expiryMillis.clear();
        }
    }

    /**
     * A timer of the session has fired. If its time has not come yet, the timer is set anew.
     *
     * @return whether the session has expired; false if sessions no longer expire
     */
    boolean hasExpired() throws IOException {
        Long setMillis = expiryMillis.value();
        if (ttlMillis == 0 || setMillis == null) {
            return false;
        }
        long deadlineMillis = setMillis;
        if (clock.restartedMillis() > Long.MIN_VALUE) {
            deadlineMillis = Math.max(setMillis, roundedUp(clock.restartedMillis() + ttlMillis));
        }
        if (deadlineMillis <= clock.nowMillis()) {
            return true;
        }
        setTimer(deadlineMillis);
        return false;
    }

    private long roundedUp(long millis) {
        return (millis + stepMillis - 1) / stepMillis * stepMillis;
    }

    private void setTimer(long atMillis) {
        timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, clock.processingTimeOf(atMillis));
    }

    private void deleteTimer(@Nullable Long atMillis) {
        if (atMillis != null) {
            timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, clock.processingTimeOf(atMillis));
        }
    }
}
