package io.bytelm.session;

import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes it visible when checkpoints fail, take too long or do not start: as metrics of each subtask, and as a line in the
 * log of the first one. Flink itself says nothing of the kind while failures are tolerated. All methods run on the task
 * thread.
 */
final class CheckpointReport {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointReport.class);
    private static final long LOOK_AGAIN_AFTER_MILLIS = 5000;

    private final CheckpointHealth health;
    private final ProcessingTimeService clock;
    private final boolean isLogged;

    /** @param isLogged whether this subtask is the one that writes lines */
    CheckpointReport(ReadableConfig job, ProcessingTimeService clock, boolean isLogged) {
        long intervalMillis = job.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                .map(interval -> interval.toMillis())
                .orElse(0L);
        long timeoutMillis = job.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT).toMillis();
        this.health = new CheckpointHealth(clock.getCurrentProcessingTime(), 3 * intervalMillis + timeoutMillis);
        this.clock = clock;
        this.isLogged = isLogged && intervalMillis > 0;
    }

    /** From now on checkpoints are awaited. */
    void begin(SessionMetrics metrics) {
        metrics.gauge("checkpointsFailedInARow", health::failedInARow);
        metrics.gauge("millisSinceLastCheckpoint", () -> health.millisSinceLast(clock.getCurrentProcessingTime()));
        if (isLogged) {
            lookLater();
        }
    }

    void completed(long checkpointId) {
        log(health.completed(checkpointId, clock.getCurrentProcessingTime()));
    }

    void failed(long checkpointId) {
        health.failed(checkpointId);
        log(health.complaint(clock.getCurrentProcessingTime()));
    }

    private void lookLater() {
        var unused = clock.registerTimer(clock.getCurrentProcessingTime() + LOOK_AGAIN_AFTER_MILLIS, nowMillis -> {
            log(health.complaint(clock.getCurrentProcessingTime()));
            lookLater();
        });
    }

    private void log(Optional<String> line) {
        if (isLogged) {
            line.ifPresent(LOG::warn);
        }
    }
}
