package io.bytelm.session;

import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.util.clock.Clock;

/** The operator's metrics, under Flink's naming conventions, in the operator's group. Written on the task thread. */
final class SessionMetrics {
    private static final int WINDOW = 2048;

    private final MetricGroup group;
    private final Counter bytesIn;
    private final Counter sessionsStarted;
    private final Counter sessionsEnded;
    private final Counter sessionsExpired;
    private final Counter sessionsTruncated;
    private final Counter deadEnds;
    private final Counter bytesSkipped;
    private final Counter healings;
    private final Counter deadLetters;
    private final Counter internalErrors;
    private final Counter repeats;
    private final Counter serviceRequests;
    private final Counter serviceFailures;
    private final Counter serviceTimeouts;
    private final Counter serviceRetries;
    private final Counter lateAnswers;
    private final Counter breakerOpenings;
    private final Histogram serviceLatencyMillis;
    private final Histogram beamSize;
    private final ByteLatency byteLatency;

    /** @param clock for what is timed here */
    SessionMetrics(MetricGroup group, Clock clock) {
        this.group = group;
        bytesIn = group.counter("numSessionBytesIn");
        group.meter("numSessionBytesInPerSecond", new MeterView(bytesIn));
        sessionsStarted = group.counter("numSessionsStarted");
        sessionsEnded = group.counter("numSessionsEnded");
        sessionsExpired = group.counter("numSessionsExpired");
        sessionsTruncated = group.counter("numSessionsTruncated");
        deadEnds = group.counter("numDeadEnds");
        bytesSkipped = group.counter("numBytesSkipped");
        healings = group.counter("numHealings");
        deadLetters = group.counter("numDeadLetters");
        internalErrors = group.counter("numInternalErrors");
        repeats = group.counter("numRepeatsDropped");
        serviceRequests = group.counter("numServiceRequests");
        serviceFailures = group.counter("numServiceFailures");
        serviceTimeouts = group.counter("numServiceTimeouts");
        serviceRetries = group.counter("numServiceRetries");
        lateAnswers = group.counter("numLateAnswers");
        breakerOpenings = group.counter("numServiceBreakerOpenings");
        serviceLatencyMillis = group.histogram("serviceLatencyMillis", new DescriptiveStatisticsHistogram(WINDOW));
        beamSize = group.histogram("beamSize", new DescriptiveStatisticsHistogram(WINDOW));
        byteLatency = new ByteLatency(group, clock);
    }

    /** How long records take. */
    ByteLatency byteLatency() {
        return byteLatency;
    }

    /** Shows a number that is read on the reporter's thread, so it may be a moment old. */
    void gauge(String name, LongSupplier value) {
        group.gauge(name, (Gauge<Long>) value::getAsLong);
    }

    /**
     * A record, or a part of it, has had its effect on its session.
     *
     * @param valueBytes of a record that is done
     * @param wasOpen whether the session was open before
     * @param isOpen whether it is open now
     * @param told its last record was emitted; it may have been opened and ended by one record
     */
    void committed(int valueBytes, boolean wasOpen, boolean isOpen, boolean told) {
        bytesIn.inc(valueBytes);
        if (!wasOpen && (isOpen || told)) {
            sessionsStarted.inc();
        }
        if (!isOpen && (wasOpen || told)) {
            sessionsEnded.inc();
        }
    }

    /** A record, or a part of it, has had its effect; dead ends of beams were healed on the way. */
    void healed(int deadEndsHealed) {
        healings.inc(deadEndsHealed);
    }

    /** A record, or a part of it, has had its effect; so many bytes could not be read and were left out. */
    void skipped(long bytes) {
        bytesSkipped.inc(bytes);
    }

    /** A session keeps so many hypotheses, those of all its particles together. */
    void kept(int hypotheses) {
        if (hypotheses > 0) {
            beamSize.update(hypotheses);
        }
    }

    void sessionExpired() {
        sessionsExpired.inc();
    }

    /** The text of a session has outgrown the model's context; told once of each session. */
    void sessionTruncated() {
        sessionsTruncated.inc();
    }

    void emitted(Result result) {
        boolean isDeadEnd = result instanceof Score score && score.event() == Event.DEAD_END;
        if (isDeadEnd || (result instanceof Finished end && end.output().ending() == Ending.DEAD_END)) {
            deadEnds.inc();
        }
    }

    void deadLetter() {
        deadLetters.inc();
    }

    /** The logic failed at a record, which is a dead letter too. */
    void internalError() {
        internalErrors.inc();
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

    /** An answer came in time, but its attempt's time ran out before it was its turn on the task thread. */
    void lateAnswer() {
        lateAnswers.inc();
    }
}
