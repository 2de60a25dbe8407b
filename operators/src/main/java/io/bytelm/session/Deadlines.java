package io.bytelm.session;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * Things that must be over within a fixed time. As the time is the same for all, they come due in the order in which they
 * began, and one timer is enough. Confined to the task thread.
 */
final class Deadlines<T> {
    private final ProcessingTimeService clock;
    private final long timeoutMillis;
    private final ThrowingConsumer<T, Exception> onTimeout;
    private final Map<T, Long> deadlineMillis = new LinkedHashMap<>();
    private boolean timerIsSet;

    Deadlines(ProcessingTimeService clock, long timeoutMillis, ThrowingConsumer<T, Exception> onTimeout) {
        this.clock = clock;
        this.timeoutMillis = timeoutMillis;
        this.onTimeout = onTimeout;
    }

    void begin(T thing) {
        deadlineMillis.put(thing, clock.getCurrentProcessingTime() + timeoutMillis);
        setTimer();
    }

    /** True if it was over in time; false if its time had run out before, or it never began. */
    boolean end(T thing) {
        return deadlineMillis.remove(thing) != null;
    }

    /** How many have begun and are not over. */
    int size() {
        return deadlineMillis.size();
    }

    /** All that have begun and are not over; none of them comes due any more. */
    List<T> removeAll() {
        List<T> all = List.copyOf(deadlineMillis.keySet());
        deadlineMillis.clear();
        return all;
    }

    private void setTimer() {
        if (!timerIsSet && !deadlineMillis.isEmpty()) {
            timerIsSet = true;
            // A failing timer fails the task by itself.
            var unused = clock.registerTimer(deadlineMillis.values().iterator().next(), this::onTimer);
        }
    }

    private void onTimer(long timerMillis) throws Exception {
        timerIsSet = false;
        long nowMillis = Math.max(timerMillis, clock.getCurrentProcessingTime());
        while (!deadlineMillis.isEmpty()) {
            Iterator<Map.Entry<T, Long>> oldest = deadlineMillis.entrySet().iterator();
            Map.Entry<T, Long> first = oldest.next();
            if (first.getValue() > nowMillis) {
                break;
            }
            oldest.remove();
            onTimeout.accept(first.getKey());
        }
        setTimer();
    }
}
