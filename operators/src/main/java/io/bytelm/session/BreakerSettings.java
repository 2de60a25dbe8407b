package io.bytelm.session;

import java.io.Serializable;
import java.util.concurrent.TimeUnit;

/**
 * When a subtask stops asking a service that does not answer, how soon it tries again, and when it gives up.
 *
 * @param failures how many attempts in a row must fail, timeouts included; at least 1
 * @param firstPauseMillis how long nothing is asked then; it doubles each time that the one attempt after it fails too
 * @param longestPauseMillis the longest such pause
 * @param giveUpAfterMillis when the service has answered nothing for so long, from the first attempt that it left
 *     unanswered, all records that wait for it count as failed; a year at most
 */
public record BreakerSettings(int failures, long firstPauseMillis, long longestPauseMillis, long giveUpAfterMillis)
        implements Serializable {
    /** Ten minutes. */
    public static final long USUALLY_GIVE_UP_AFTER_MILLIS = TimeUnit.MINUTES.toMillis(10);

    private static final long YEAR_MILLIS = TimeUnit.DAYS.toMillis(365);

    /**
     * Four failures, pauses from 200 ms to 30 s, giving up after ten minutes. A batch that fails once costs its sessions
     * 200 ms.
     */
    public static final BreakerSettings DEFAULT = new BreakerSettings(4, 200, 30_000);

    /** With {@link #USUALLY_GIVE_UP_AFTER_MILLIS}. */
    public BreakerSettings(int failures, long firstPauseMillis, long longestPauseMillis) {
        this(failures, firstPauseMillis, longestPauseMillis, USUALLY_GIVE_UP_AFTER_MILLIS);
    }

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
        if (giveUpAfterMillis < 1 || giveUpAfterMillis > YEAR_MILLIS) {
            throw new IllegalArgumentException(
                    "a service that answers nothing must be given up after 1 ms to a year, got " + giveUpAfterMillis
                            + " ms");
        }
    }
}
