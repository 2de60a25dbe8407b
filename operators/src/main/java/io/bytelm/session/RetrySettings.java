package io.bytelm.session;

import java.io.Serializable;
import java.util.Random;

/**
 * How often, how long and how soon again the service is asked.
 *
 * @param attempts the most attempts for one step of a session, the first included; at least 1
 * @param timeoutMillis how long one attempt may take, its wait in the service's queue included
 * @param initialBackoffMillis the pause before the second attempt; it doubles with every further one
 * @param maxBackoffMillis the longest pause
 * @param jitterSeed seeds the random part of the pauses, together with the subtask's index
 */
public record RetrySettings(
        int attempts, long timeoutMillis, long initialBackoffMillis, long maxBackoffMillis, long jitterSeed)
        implements Serializable {
    /** Five attempts of a minute each: a service that hangs for a minute costs a retry, not the job. */
    public static final RetrySettings DEFAULT = new RetrySettings(5, 60_000, 100, 10_000, 0);

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public RetrySettings {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, got " + attempts);
        }
        if (timeoutMillis < 1) {
            throw new IllegalArgumentException("the timeout must be at least 1 ms, got " + timeoutMillis);
        }
        if (initialBackoffMillis < 0 || maxBackoffMillis < initialBackoffMillis) {
            throw new IllegalArgumentException(
                    "the backoff must not be negative and its maximum not below its start, got " + initialBackoffMillis
                            + " ms to " + maxBackoffMillis + " ms");
        }
    }

    /**
     * The pause (ms) before the next attempt: exponential, of which a random half to whole is taken, so that requests
     * that failed together do not come back together.
     *
     * @param attemptsMade at least 1
     */
    public long backoffMillis(int attemptsMade, Random random) {
        int doublings = Math.min(attemptsMade - 1, Long.SIZE - 2);
        boolean capped = initialBackoffMillis > maxBackoffMillis >> doublings;
        long wholeMillis = capped ? maxBackoffMillis : initialBackoffMillis << doublings;
        return Math.round(wholeMillis * (0.5 + 0.5 * random.nextDouble()));
    }
}
