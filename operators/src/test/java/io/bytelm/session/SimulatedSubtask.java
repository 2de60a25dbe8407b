package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.util.function.ThrowingRunnable;

/** One subtask of a simulated job: the operator in its harness, a service of its own, and a clock. */
final class SimulatedSubtask<S> implements AutoCloseable {
    static final long TIMEOUT_MILLIS = 1000;
    private static final long MAX_BACKOFF_MILLIS = 8;
    private static final long TTL_MILLIS = 1L << 50;

    private final Random random;
    private final Turbulence turbulence;
    private final FaultCounts counts;
    private final ScheduledService service;
    private final SessionOperatorHarness<S> operator;
    private ThrowingRunnable<Exception> whileFull = () -> {};
    private long begunCheckpoint;
    private boolean pumping;
    private int taken;

    SimulatedSubtask(VerifiedJob<S> job, Subtask subtask, Random random, Turbulence turbulence, FaultCounts counts)
            throws Exception {
        this.random = random;
        this.turbulence = turbulence;
        this.counts = counts;
        this.service = new ScheduledService(job.oracle(), random, turbulence.slowPercent());
        RetrySettings retry =
                new RetrySettings(Integer.MAX_VALUE, TIMEOUT_MILLIS, 1, MAX_BACKOFF_MILLIS, random.nextLong());
        SessionSettings settings = new SessionSettings(
                1 + random.nextInt(12),
                random.nextInt(6),
                1 + random.nextInt(random.nextBoolean() ? 200 : 20_000),
                1 + random.nextInt(5),
                retry,
                new BreakerSettings(1 + random.nextInt(6), 1, 1 + random.nextInt((int) MAX_BACKOFF_MILLIS)),
                ServiceFailurePolicy.FAIL_JOB,
                TTL_MILLIS);
        this.operator =
                new SessionOperatorHarness<>(subtask, service, job.newLogic().get(), job.stateType(), settings);
        counts.restoredElements += operator.keysIn("in-flight").size();
        counts.restoredLongSessions +=
                operator.keysIn(SessionStore.SETTLED_NAME).size();
        for (S state : operator.states()) {
            counts.restoredPartway += state instanceof Partway || state instanceof Opening ? 1 : 0;
        }
    }

    /**
     * Feeds a record; while the operator is full, its service and its clock go on.
     *
     * @param snapshot takes a snapshot of all subtasks
     */
    void feed(InputRecord record, ThrowingRunnable<Exception> snapshot) throws Exception {
        pumping = true;
        whileFull = turbulence.equals(Turbulence.NONE) ? () -> {} : () -> checkpointWhileFull(snapshot);
        postPump();
        operator.flink.processElement(new StreamRecord<>(record, record.source().offset()));
        pumping = false;
    }

    /** A snapshot just now, or records beyond the bounds until the next one. */
    private void checkpointWhileFull(ThrowingRunnable<Exception> snapshot) throws Exception {
        int dice = random.nextInt(40);
        if (dice == 0) {
            counts.snapshotsWhileFull++;
            snapshot.run();
        } else if (dice == 1) {
            counts.recordsBeyondBounds++;
            operator.beginCheckpoint(++begunCheckpoint);
        }
    }

    void watermark(long timestamp) throws Exception {
        int before = operator.output.events.size();
        operator.flink.processWatermark(new Watermark(timestamp));
        if (operator.output.events.size() == before) {
            counts.heldBackWatermarks++;
        }
    }

    /** Lets everything come to its end, as at the end of input. */
    void endInput() throws Exception {
        pumping = true;
        whileFull = () -> {};
        postPump();
        operator.flink.endInput();
        pumping = false;
        operator.runMails();
    }

    /** Something happens in the service, or time passes. */
    void serviceEvent() throws Exception {
        int dice = random.nextInt(100);
        if (!service.hasWaiting()) {
            passMillis(MAX_BACKOFF_MILLIS);
        } else if (dice < turbulence.failurePercent()) {
            counts.requestFailures++;
            service.failAny();
        } else if (dice < turbulence.failurePercent() + turbulence.timeoutPercent()) {
            counts.timeouts++;
            service.giveUpAll();
            passMillis(TIMEOUT_MILLIS);
        } else if (turbulence.equals(Turbulence.NONE)) {
            service.answerOldest();
        } else {
            service.answerAny();
        }
    }

    /** Runs a mail if one is waiting. */
    void maybeRunMail() throws Exception {
        if (operator.waitingMails() > 0) {
            operator.runOneMail();
        }
    }

    OperatorSubtaskState snapshot(long id) throws Exception {
        begunCheckpoint = Math.max(begunCheckpoint, id);
        return operator.flink.snapshot(id, id);
    }

    /** The records that were emitted since the last call, in order; of watermarks only that they came in time. */
    List<StreamRecord<?>> takeOutput() {
        List<Object> events = operator.output.events;
        List<StreamRecord<?>> records = events.subList(taken, events.size()).stream()
                .<StreamRecord<?>>mapMulti((event, take) -> {
                    if (event instanceof StreamRecord<?> record) {
                        take.accept(record);
                    }
                })
                .toList();
        taken = events.size();
        return records;
    }

    /** No record came out behind a watermark that says that it cannot come any more. */
    void checkWatermarks() {
        long watermark = Long.MIN_VALUE;
        for (Object event : operator.output.events) {
            if (event instanceof Watermark next) {
                watermark = next.getTimestamp();
            } else if (event instanceof StreamRecord<?> record) {
                assertThat(record.getTimestamp())
                        .as("timestamp behind a watermark")
                        .isGreaterThan(watermark);
            }
        }
    }

    List<String> sessionsInFlightState() {
        return operator.keysIn("in-flight");
    }

    List<S> states() throws Exception {
        return operator.states();
    }

    @Override
    public void close() throws Exception {
        pumping = false;
        operator.close();
    }

    private void passMillis(long millis) throws Exception {
        operator.flink.setProcessingTime(operator.flink.getProcessingTime() + millis);
    }

    /** A mail that makes something happen and sends itself again, so that an operator that yields never waits for ever. */
    private void postPump() {
        operator.flink.getTaskMailbox().put(new Mail(this::pump, 0, "pump"));
    }

    private void pump() throws Exception {
        if (pumping) {
            counts.eventsWhileFull++;
            serviceEvent();
            whileFull.run();
            postPump();
        }
    }
}
