package io.bytelm.service.grpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gathers what many threads want to send into few messages: what is added while one is written goes into the next. The sink
 * is called by one thread at a time, and only while it is ready.
 *
 * <p>Unbounded: who adds bounds what is on its way.
 *
 * @param <T> what is sent
 */
final class Outbox<T> {
    /** Where the messages go. */
    interface Sink<T> {
        /** Whether it takes a message now; when it does again, it calls {@link Outbox#drainSoon}. */
        boolean isReady();

        /** @param items not empty */
        void send(List<T> items);
    }

    /** An answer with a row takes 1.5 kB, so that this makes some 100 kB. */
    private static final int MOST_AT_ONCE = 64;

    private final Sink<T> sink;
    private final Executor writer;
    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger drainsAskedFor = new AtomicInteger();

    /** @param writer runs short tasks, which do not block; on the calling thread, if it likes */
    Outbox(Sink<T> sink, Executor writer) {
        this.sink = sink;
        this.writer = writer;
    }

    /** Any thread. */
    void add(T item) {
        waiting.add(item);
        size.incrementAndGet();
        drainSoon();
    }

    /** Does what adds items, and sends all of those together. Any thread. */
    void addTogether(Runnable adds) {
        boolean drainsAfterwards = drainsAskedFor.getAndIncrement() == 0;
        try {
            adds.run();
        } finally {
            if (drainsAfterwards) {
                writer.execute(this::drain);
            }
        }
    }

    /** How many items the sink has not taken. Any thread. */
    int size() {
        return size.get();
    }

    /** Sends what waits if the sink is ready. Any thread. */
    void drainSoon() {
        addTogether(() -> {});
    }

    private void drain() {
        int seen = drainsAskedFor.get();
        do {
            sendWhileReady();
            seen = drainsAskedFor.addAndGet(-seen);
        } while (seen != 0);
    }

    private void sendWhileReady() {
        while (!waiting.isEmpty() && sink.isReady()) {
            List<T> items = new ArrayList<>();
            for (T item = waiting.poll(); item != null; item = items.size() < MOST_AT_ONCE ? waiting.poll() : null) {
                items.add(item);
            }
            size.addAndGet(-items.size());
            sink.send(items);
        }
    }
}
