package io.bytelm.job;

import java.time.Duration;

/** Lets through so many lines a minute, and counts the others. One thread calls. */
public final class LineBudget {
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final int linesAMinute;
    private boolean hasBegun;
    private long minuteNanos;
    private int said;
    private long unsaid;

    /** @param linesAMinute at least 1 */
    public LineBudget(int linesAMinute) {
        this.linesAMinute = linesAMinute;
    }

    /**
     * What to do about a line.
     *
     * @param unsaid how many lines of the minute before were not said, which is to be said first; 0 for nothing
     */
    public record Decision(boolean isSaid, long unsaid) {}

    /** @param nowNanos as {@link System#nanoTime} counts */
    public Decision line(long nowNanos) {
        long due = due(nowNanos);
        if (!hasBegun || said == 0) {
            hasBegun = true;
            minuteNanos = nowNanos;
        }
        if (said < linesAMinute) {
            said++;
            return new Decision(true, due);
        }
        unsaid++;
        return new Decision(false, due);
    }

    /** How many lines were not said, once their minute is over; they are counted no more. */
    public long due(long nowNanos) {
        if (!hasBegun || nowNanos - minuteNanos < MINUTE_NANOS) {
            return 0;
        }
        said = 0;
        long due = unsaid;
        unsaid = 0;
        return due;
    }

    /** How many lines were not said up to now; they are counted no more. */
    public long rest() {
        long rest = unsaid;
        unsaid = 0;
        return rest;
    }
}
