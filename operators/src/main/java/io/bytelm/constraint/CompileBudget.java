package io.bytelm.constraint;

import io.bytelm.constraint.ConstraintException.Reason;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What one compilation has left of its {@link CompileLimits}. Used by one thread, whose processor time counts and not the
 * time on the wall: what compiles on an idle machine compiles on a busy one too, for instance after a restore.
 */
public final class CompileBudget {
    private static final int TICKS_PER_CLOCK_READING = 1 << 12;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final CompileLimits limits;
    private long deadlineNanos;
    private long statesLeft;
    private long memoryBytesLeft;
    private int ticks;

    private CompileBudget(CompileLimits limits) {
        this.limits = limits;
        this.deadlineNanos = workedNanos() + limits.millis() * 1_000_000;
        this.statesLeft = limits.states();
        this.memoryBytesLeft = limits.memoryBytes();
    }

    /** Starts the clock. */
    public static CompileBudget start(CompileLimits limits) {
        return new CompileBudget(limits);
    }

    /** One automaton state more, whose row of transitions takes so much memory. */
    public void chargeState(long rowBytes) {
        statesLeft--;
        if (statesLeft < 0) {
            throw new ConstraintException(
                    Reason.TOO_LARGE,
                    "the constraint needs more than " + limits.states()
                            + " automaton states: use smaller repetition counts or fewer alternatives");
        }
        chargeMemory(rowBytes);
        tick();
    }

    /** Something else that stays in memory until the end of the compilation. */
    public void chargeMemory(long bytes) {
        memoryBytesLeft -= bytes;
        if (memoryBytesLeft < 0) {
            throw new ConstraintException(
                    Reason.TOO_LARGE,
                    "compiling the constraint needs more than " + limits.memoryBytes()
                            + " bytes: use smaller repetition counts or fewer alternatives");
        }
    }

    /** All that was charged as memory so far (bytes): an upper bound of what the compiled constraint holds. */
    public long chargedBytes() {
        return limits.memoryBytes() - memoryBytesLeft;
    }

    /** Does something that is done once for all constraints, so that its time does not count for this one. */
    public void offTheClock(Runnable sharedWork) {
        long startNanos = workedNanos();
        sharedWork.run();
        deadlineNanos += workedNanos() - startNanos;
    }

    /** A small piece of work; reads the clock now and then. */
    public void tick() {
        if (++ticks % TICKS_PER_CLOCK_READING == 0 && workedNanos() - deadlineNanos > 0) {
            throw new ConstraintException(
                    Reason.TOO_SLOW,
                    "compiling the constraint takes more than " + limits.millis()
                            + " ms of processor time: simplify it");
        }
    }

    /** The processor time of this thread; the time on the wall where the JVM cannot tell. */
    private static long workedNanos() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }

    /** Checks the depth of groups at a position of the source. */
    public void checkNesting(int depth, int position) {
        if (depth > limits.nesting()) {
            throw new ConstraintException(
                    Reason.TOO_DEEP, position, "nested more than " + limits.nesting() + " levels deep");
        }
    }
}
