package io.bytelm.service.grpc;

import io.bytelm.service.ConnectionStatistics;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a client does; any thread. */
final class ClientCounters {
    private final LongAdder calls = new LongAdder();
    private final LongAdder answeredAhead = new LongAdder();
    private final LongAdder moved = new LongAdder();
    private final LongAdder resent = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();

    void sent(int callCount, int bytes) {
        calls.add(callCount);
        bytesSent.add(bytes);
    }

    void answeredAhead() {
        answeredAhead.increment();
    }

    void received(int bytes) {
        bytesReceived.add(bytes);
    }

    void moved() {
        moved.increment();
    }

    void resent() {
        resent.increment();
    }

    ConnectionStatistics statistics(int endpoints, int readyEndpoints, int unanswered) {
        return new ConnectionStatistics(
                endpoints,
                readyEndpoints,
                calls.sum(),
                answeredAhead.sum(),
                unanswered,
                moved.sum(),
                resent.sum(),
                bytesSent.sum(),
                bytesReceived.sum());
    }
}
