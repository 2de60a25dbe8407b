package io.bytelm.service.grpc;

import io.bytelm.service.ServiceRefusedException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Calls for which no endpoint is there. They wait for one, for some seconds. Confined to the client's loop. */
final class ParkedCalls {
    private static final long MOST_WAIT_MILLIS = 10_000;

    private final Map<PendingCall, Long> sinceNanos = new LinkedHashMap<>();

    void add(PendingCall call) {
        sinceNanos.put(call, System.nanoTime());
    }

    void remove(PendingCall call) {
        sinceNanos.remove(call);
    }

    /** All that wait, in their order; they do not wait here any more. */
    List<PendingCall> takeAll() {
        List<PendingCall> all = List.copyOf(sinceNanos.keySet());
        sinceNanos.clear();
        return all;
    }

    /** Answers those whose time is over. */
    void refuseThoseThatWaitedLong(Supplier<ServiceRefusedException> noneIsThere) {
        for (Iterator<Map.Entry<PendingCall, Long>> calls =
                        sinceNanos.entrySet().iterator();
                calls.hasNext(); ) {
            Map.Entry<PendingCall, Long> waiting = calls.next();
            PendingCall call = waiting.getKey();
            long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - waiting.getValue());
            if (call.isLate()) {
                calls.remove();
                call.answer().completeExceptionally(ServiceRefusedException.late(call.patienceMillis()));
            } else if (waitedMillis >= MOST_WAIT_MILLIS) {
                calls.remove();
                call.answer().completeExceptionally(noneIsThere.get());
            }
        }
    }
}
