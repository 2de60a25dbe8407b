package io.bytelm.session;

import java.util.Optional;

/**
 * How the job's checkpoints fare, and what to say about it. Written on the task thread; its numbers are read by any. Times
 * are of any one clock.
 */
final class CheckpointHealth {
    private static final int SAID_AFTER_FAILURES = 3;

    /** Whoever looks at the end of a log has to find it. */
    private static final long SAID_AGAIN_AFTER_MILLIS = 60_000L;

    private static final long NONE = -1;

    private final long longestNormalMillis;
    private volatile long completedMillis;
    private volatile int failedInARow;
    private long newestCompleted = NONE;
    private long newestFailed = NONE;
    private boolean isSaid;
    private long saidMillis;

    /**
     * @param startMillis from when on checkpoints are awaited
     * @param longestNormalMillis from one checkpoint that completes to the next one that does, or fails
     */
    CheckpointHealth(long startMillis, long longestNormalMillis) {
        this.completedMillis = startMillis;
        this.longestNormalMillis = longestNormalMillis;
    }

    /**
     * A checkpoint has completed; may be told again.
     *
     * @return a line if its like had been missed
     */
    Optional<String> completed(long checkpointId, long nowMillis) {
        if (checkpointId <= newestCompleted) {
            return Optional.empty();
        }
        newestCompleted = checkpointId;
        failedInARow = 0;
        Optional<String> line = isSaid
                ? Optional.of("Checkpoints complete again, after " + millisSinceLast(nowMillis) / 1000
                        + " s; the outputs of that time are committed.")
                : Optional.empty();
        isSaid = false;
        completedMillis = nowMillis;
        return line;
    }

    /** A checkpoint has failed; may be told again. */
    void failed(long checkpointId) {
        if (checkpointId > newestFailed) {
            newestFailed = checkpointId;
            failedInARow++; // written on the task thread only
        }
    }

    int failedInARow() {
        return failedInARow;
    }

    /** Since the last checkpoint that completed, or since the start. */
    long millisSinceLast(long nowMillis) {
        return nowMillis - completedMillis;
    }

    /** A line, one a minute, while something is wrong: three failed in a row, or none completes nor fails. */
    Optional<String> complaint(long nowMillis) {
        boolean isWrong = failedInARow >= SAID_AFTER_FAILURES || millisSinceLast(nowMillis) > longestNormalMillis;
        if (!isWrong || (isSaid && nowMillis - saidMillis < SAID_AGAIN_AFTER_MILLIS)) {
            return Optional.empty();
        }
        isSaid = true;
        saidMillis = nowMillis;
        return Optional.of("No checkpoint has completed for " + millisSinceLast(nowMillis) / 1000 + " s"
                + (failedInARow == 0 ? "" : " (" + failedInARow + " failed in a row)")
                + ": the outputs since then are not visible to read_committed consumers until one completes. Nothing is"
                + " lost. Flink's web interface (Checkpoints) and the JobManager's log say which task or storage it"
                + " waits for.");
    }
}
