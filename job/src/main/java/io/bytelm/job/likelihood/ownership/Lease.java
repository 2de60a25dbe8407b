package io.bytelm.job.likelihood.ownership;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The right to write without asking each time: for as long as it lasts after the moment at which the owner was last asked.
 * Who takes a directory over waits for longer than that before it touches what the owner before was writing. Used by one
 * thread.
 */
final class Lease {
    /** How long a task may write after it has asked. */
    static final Duration DURATION = Duration.ofSeconds(5);

    private final Owner owner;
    private final LongSupplier nanoTime;
    private long endsNanos;
    private boolean granted;

    /** @param nanoTime a clock that never goes back */
    Lease(Owner owner, LongSupplier nanoTime) {
        this.owner = owner;
        this.nanoTime = nanoTime;
    }

    /**
     * Asks the owner if the lease has ended.
     *
     * @throws TakenOverException if the directory belongs to another run
     */
    void require() throws IOException {
        if (!granted || nanoTime.getAsLong() - endsNanos >= 0) {
            renew();
        }
    }

    /** Asks the owner in any case. */
    void renew() throws IOException {
        granted = false;
        long asked = nanoTime.getAsLong();
        owner.requireCurrent();
        endsNanos = asked + DURATION.toNanos();
        granted = true;
    }
}
