package io.bytelm.session;

import java.util.Random;

/**
 * Decides whether a service may be asked: always while it is closed; when too many attempts in a row have failed it opens,
 * and after a pause lets a single attempt through, the probe, whose outcome closes it or opens it again for twice as
 * long. Confined to the task thread.
 *
 * <p>The pattern is that of Nygard, "Release It!", 2nd edition, 2018, chapter 5.
 */
final class CircuitBreaker {
    /** Their order is the metric's: 0, 1, 2. */
    enum State {
        CLOSED,
        PROBING,
        OPEN
    }

    private final BreakerSettings settings;
    private final Random jitter;
    private State state = State.CLOSED;
    private int failuresInARow;
    private long pauseMillis;

    CircuitBreaker(BreakerSettings settings, Random jitter) {
        this.settings = settings;
        this.jitter = jitter;
        this.pauseMillis = settings.firstPauseMillis();
    }

    State state() {
        return state;
    }

    /** An attempt was answered: whatever was wrong is over. */
    void succeeded() {
        state = State.CLOSED;
        failuresInARow = 0;
        pauseMillis = settings.firstPauseMillis();
    }

    /** @return whether it opens now; then {@link #probe} is to be called after {@link #nextPauseMillis} */
    boolean failed(boolean wasProbe) {
        failuresInARow++;
        boolean opens = wasProbe || (state == State.CLOSED && failuresInARow >= settings.failures());
        if (opens) {
            if (wasProbe) {
                pauseMillis = Math.min(settings.longestPauseMillis(), 2 * pauseMillis);
            }
            state = State.OPEN;
        }
        return opens;
    }

    /** A random half to whole of the pause, so that subtasks do not come back to a service together. */
    long nextPauseMillis() {
        return Math.max(1, Math.round(pauseMillis * (0.5 + 0.5 * jitter.nextDouble())));
    }

    /** The pause is over. */
    void probe() {
        if (state == State.OPEN) {
            state = State.PROBING;
        }
    }
}
