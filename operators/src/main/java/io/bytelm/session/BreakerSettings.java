package io.bytelm.session;

import java.io.Serializable;

/**
 * When a subtask stops asking a service that does not answer, and how soon it tries again.
 *
 * @param failures how many attempts in a row must fail, timeouts included; at least 1
 * @param firstPauseMillis how long nothing is asked then; it doubles each time that the one attempt after it fails too
 * @param longestPauseMillis the longest such pause
 */
public record BreakerSettings(int failures, long firstPauseMillis, long longestPauseMillis) implements Serializable {
    /**
     * Four failures, pauses from 200 ms to 30 s. A batch that fails once costs its sessions 200 ms; a service that is
     * gone is waited for about 40 s before an attempt counts again.
     */
    public static final BreakerSettings DEFAULT = new BreakerSettings(4, 200, 30_000);

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public BreakerSettings {
        if (failures < 1) {
            throw new IllegalArgumentException("the breaker's failures must be at least 1, got " + failures);
        }
        if (firstPauseMillis < 1 || longestPauseMillis < firstPauseMillis) {
            throw new IllegalArgumentException(
                    "the breaker's pauses must be at least 1 ms and the longest not below the first, got "
                            + firstPauseMillis + " ms to " + longestPauseMillis + " ms");
        }
    }
}
