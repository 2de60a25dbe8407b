package io.bytelm.service.grpc;

import io.bytelm.service.grpc.proto.Refusal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a server does; any thread. */
final class ServerCounters {
    private final LongAdder calls = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder answerNanos = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final AtomicInteger streams = new AtomicInteger();
    private final Map<Refusal.Reason, LongAdder> refused = new EnumMap<>(Refusal.Reason.class);

    ServerCounters() {
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    void received(int bytes) {
        bytesReceived.add(bytes);
    }

    void sent(int bytes) {
        bytesSent.add(bytes);
    }

    void asked() {
        calls.increment();
    }

    void answered(long tookNanos) {
        answered.increment();
        answerNanos.add(tookNanos);
    }

    void cancelled() {
        cancelled.increment();
    }

    void refused(Refusal.Reason reason) {
        refused.getOrDefault(reason, answered).increment();
    }

    void streamBegan() {
        streams.incrementAndGet();
    }

    void streamEnded() {
        streams.decrementAndGet();
    }

    /** The counters are read one after another, not at one instant. */
    ServerStatistics statistics() {
        Map<String, Long> byReason = new TreeMap<>();
        refused.forEach((reason, count) -> byReason.put(reason.name().toLowerCase(Locale.ROOT), count.sum()));
        return new ServerStatistics(
                calls.sum(),
                answered.sum(),
                answerNanos.sum(),
                cancelled.sum(),
                byReason,
                bytesReceived.sum(),
                bytesSent.sum(),
                streams.get());
    }
}
