package io.bytelm.session;

import java.io.Serializable;

/**
 * How the session operator runs. When one of its bounds is passed, it takes no more input, but for records that a
 * checkpoint's barrier lies behind; it always holds at least one record.
 *
 * @param capacity the most sessions that a subtask works on at the same time, each on one record
 * @param maxWaiting the most records that wait, on a subtask, behind another one of their session: however many one
 *     session sends, the others keep the whole capacity
 * @param maxHeldBytes the most bytes that all those records have together, with keys, values and headers, and with the outputs that
 *     those worked on may hold until they are committed
 * @param continuationsPerMail the most steps of sessions that run before the task looks at its input and at
 *     checkpoints again
 * @param retry how the service is asked
 * @param breaker when a service that fails is left alone
 * @param serviceFailure what happens to a record after the last attempt
 * @param ttlMillis a session is forgotten when no record of it came for so long (processing time), at most a sixteenth
 *     later; 0 keeps sessions for ever
 */
public record SessionSettings(
        int capacity,
        int maxWaiting,
        long maxHeldBytes,
        int continuationsPerMail,
        RetrySettings retry,
        BreakerSettings breaker,
        ServiceFailurePolicy serviceFailure,
        long ttlMillis)
        implements Serializable {
    private static final int USUALLY_WAITING = 8192;
    private static final long USUALLY_HELD_BYTES = 64L << 20;

    /**
     * 256 sessions, 8,192 records waiting, 64 MiB, 32 steps a mail, {@link RetrySettings#DEFAULT}, {@link
     * BreakerSettings#DEFAULT}, failing the job, one day.
     */
    public static final SessionSettings DEFAULT =
            new SessionSettings(256, 32, RetrySettings.DEFAULT, ServiceFailurePolicy.FAIL_JOB, 24 * 60 * 60 * 1000L);

    /** With the default bounds on what waits, and the default breaker. */
    public SessionSettings(
            int capacity,
            int continuationsPerMail,
            RetrySettings retry,
            ServiceFailurePolicy serviceFailure,
            long ttlMillis) {
        this(
                capacity,
                USUALLY_WAITING,
                USUALLY_HELD_BYTES,
                continuationsPerMail,
                retry,
                BreakerSettings.DEFAULT,
                serviceFailure,
                ttlMillis);
    }

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public SessionSettings {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1 session, got " + capacity);
        }
        if (maxWaiting < 0) {
            throw new IllegalArgumentException("the most records waiting must not be negative, got " + maxWaiting);
        }
        if (maxHeldBytes < 1) {
            throw new IllegalArgumentException("the most bytes held must be at least 1, got " + maxHeldBytes);
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
