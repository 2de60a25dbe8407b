package io.bytelm.session;

import java.io.Serializable;

/**
 * How the session operator runs.
 *
 * @param capacity the most input records that a subtask holds, running or waiting for their turn; when it is full, the
 *     operator takes no more input
 * @param continuationsPerMail the most steps of sessions that run before the task looks at its input and at
 *     checkpoints again
 * @param retry how the service is asked
 * @param serviceFailure what happens to a record after the last attempt
 * @param ttlMillis a session is forgotten when no record of it came for so long (processing time), at most a sixteenth
 *     later; 0 keeps sessions for ever
 */
public record SessionSettings(
        int capacity,
        int continuationsPerMail,
        RetrySettings retry,
        ServiceFailurePolicy serviceFailure,
        long ttlMillis)
        implements Serializable {
    /** 256 records, 32 steps a mail, {@link RetrySettings#DEFAULT}, failing the job, one day. */
    public static final SessionSettings DEFAULT =
            new SessionSettings(256, 32, RetrySettings.DEFAULT, ServiceFailurePolicy.FAIL_JOB, 24 * 60 * 60 * 1000L);

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public SessionSettings {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1 record, got " + capacity);
        }
        if (continuationsPerMail < 1) {
            throw new IllegalArgumentException(
                    "continuations per mail must be at least 1, got " + continuationsPerMail);
        }
        if (ttlMillis < 0) {
            throw new IllegalArgumentException(
                    "the sessions' time to live must not be negative, got " + ttlMillis + " ms");
        }
    }
}
