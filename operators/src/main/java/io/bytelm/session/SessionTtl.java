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
 * When idle sessions expire. A session has one timer, and its time is also in keyed state. Times are rounded up to a
 * sixteenth of the time to live, so that a busy session moves its timer that seldom and not with every record. Every
 * method speaks of the session that is the current key.
 */
final class SessionTtl {
    /** The name of the timers in a savepoint. */
    static final String TIMERS = "session-ttl";

    private static final String NAME = "expiry";
    private static final int STEPS_PER_TTL = 16;

    private final InternalTimerService<VoidNamespace> timers;
    private final long ttlMillis;
    private final long stepMillis;
    private final ValueState<Long> expiryMillis;

    /** @param ttlMillis 0 for sessions that never expire */
    SessionTtl(KeyedStateStore states, InternalTimerService<VoidNamespace> timers, long ttlMillis) {
        this.timers = timers;
        this.ttlMillis = ttlMillis;
        this.stepMillis = Math.max(1, ttlMillis / STEPS_PER_TTL);
        this.expiryMillis = states.getState(new ValueStateDescriptor<>(NAME, Types.LONG));
    }

    /** The session was used. */
    void restart() throws IOException {
        if (ttlMillis == 0) {
            return;
        }
        long earliestMillis = timers.currentProcessingTime() + ttlMillis;
        long nextMillis = (earliestMillis + stepMillis - 1) / stepMillis * stepMillis;
        Long setMillis = expiryMillis.value();
        if (setMillis == null || setMillis != nextMillis) {
            deleteTimer(setMillis);
            timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, nextMillis);
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

    /** True if a timer of this time says that the session has expired; false if sessions no longer expire. */
    boolean hasExpired(long timerMillis) throws IOException {
        Long setMillis = expiryMillis.value();
        return ttlMillis > 0 && setMillis != null && setMillis <= timerMillis;
    }

    private void deleteTimer(@Nullable Long atMillis) {
        if (atMillis != null) {
            timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, atMillis);
        }
    }
}
