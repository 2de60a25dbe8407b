package io.bytelm.session;

import io.bytelm.record.OutputRecord;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** The operator's metrics, under Flink's naming conventions, in the operator's group. Written on the task thread. */
final class SessionMetrics {
    private static final int LATENCY_WINDOW = 2048;

    private final MetricGroup group;
    private final Counter bytesIn;
    private final Counter sessionsStarted;
    private final Counter sessionsEnded;
    private final Counter sessionsExpired;
    private final Counter deadEnds;
    private final Counter deadLetters;
    private final Counter repeats;
    private final Counter serviceRequests;
    private final Counter serviceFailures;
    private final Counter serviceTimeouts;
    private final Counter serviceRetries;
    private final Counter lateAnswers;
    private final Counter breakerOpenings;
    private final Histogram serviceLatencyMillis;

    SessionMetrics(MetricGroup group) {
        this.group = group;
        bytesIn = group.counter("numSessionBytesIn");
        group.meter("numSessionBytesInPerSecond", new MeterView(bytesIn));
        sessionsStarted = group.counter("numSessionsStarted");
        sessionsEnded = group.counter("numSessionsEnded");
        sessionsExpired = group.counter("numSessionsExpired");
        deadEnds = group.counter("numDeadEnds");
        deadLetters = group.counter("numDeadLetters");
        repeats = group.counter("numRepeatsDropped");
        serviceRequests = group.counter("numServiceRequests");
        serviceFailures = group.counter("numServiceFailures");
        serviceTimeouts = group.counter("numServiceTimeouts");
        serviceRetries = group.counter("numServiceRetries");
        lateAnswers = group.counter("numLateAnswers");
        breakerOpenings = group.counter("numServiceBreakerOpenings");
        serviceLatencyMillis =
                group.histogram("serviceLatencyMillis", new DescriptiveStatisticsHistogram(LATENCY_WINDOW));
    }

    /** Shows a number that is read on the reporter's thread, so it may be a moment old. */
    void gauge(String name, LongSupplier value) {
        group.gauge(name, (Gauge<Long>) value::getAsLong);
    }

    /**
     * A record, or a part of it, has had its effect; the session was there before it and after it, or not.
     *
     * @param valueBytes of a record that is done
     */
    void committed(int valueBytes, boolean before, boolean after) {
        bytesIn.inc(valueBytes);
        if (after && !before) {
            sessionsStarted.inc();
        }
        if (before && !after) {
            sessionsEnded.inc();
        }
    }

    void sessionExpired() {
        sessionsExpired.inc();
    }

    void score(OutputRecord.Score score) {
        if (score.event() == OutputRecord.Event.DEAD_END) {
            deadEnds.inc();
        }
    }

    void deadLetter() {
        deadLetters.inc();
    }

    void repeat() {
        repeats.inc();
    }

    void requestsSent(int requests) {
        serviceRequests.inc(requests);
    }

    void attemptTook(long nanos) {
        serviceLatencyMillis.update(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    void attemptFailed() {
        serviceFailures.inc();
    }

    void attemptTimedOut() {
        serviceTimeouts.inc();
    }

    void retry() {
        serviceRetries.inc();
    }

    void breakerOpened() {
        breakerOpenings.inc();
    }

    void lateAnswer() {
        lateAnswers.inc();
    }
}
