package io.bytelm.constraint;

import io.bytelm.constraint.ConstraintException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What one compilation has left of its {@link CompileLimits}. The same source always spends the same. Used by one thread. */
public final class CompileBudget {
    private static final int MOMENTARY_SHARE = 3;

    private final CompileLimits limits;
    private long statesLeft;
    private long memoryBytesLeft;
    private long stepsLeft;
    private int deepest;
    private final List<String> ignored = new ArrayList<>();

    private CompileBudget(CompileLimits limits) {
        this.limits = limits;
        this.statesLeft = limits.states();
        this.memoryBytesLeft = limits.memoryBytes();
        this.stepsLeft = limits.steps();
    }

    /** All of the limits. */
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
        checkMemory(memoryBytesLeft);
    }

    /** Something that is in memory for a moment: it must fit into three times the limit, beside what stays. */
    public void requireMemory(long bytes) {
        checkMemory((MOMENTARY_SHARE - 1) * limits.memoryBytes() + memoryBytesLeft - bytes);
    }

    private void checkMemory(long left) {
        if (left < 0) {
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

    /** All steps so far. */
    public long chargedSteps() {
        return limits.steps() - stepsLeft;
    }

    /** Notes what is left out of the constraint since it is not enforced. @param what its place, and why */
    public void ignore(String what) {
        ignored.add(what);
    }

    /** All that was left out, in the order in which it was found. */
    public List<String> ignored() {
        return List.copyOf(ignored);
    }

    /** One step of work. */
    public void tick() {
        tick(1);
    }

    /** So many steps of work, before they are done. */
    public void tick(long steps) {
        stepsLeft -= steps;
        if (stepsLeft < 0) {
            throw new ConstraintException(
                    Reason.TOO_SLOW,
                    "compiling the constraint takes more than " + limits.steps() + " steps: simplify it");
        }
    }

    /** The same at a place that has a name, which is asked for where it is told; empty for the whole source. */
    public void checkNesting(int depth, Supplier<String> place) {
        deepest = Math.max(deepest, depth);
        if (depth > limits.nesting()) {
            throw new ConstraintException(
                    Reason.TOO_DEEP,
                    place.get() + ": nested more than " + limits.nesting()
                            + " levels deep: leave out sequences of one item");
        }
    }

    /** Checks the depth of groups at a position of the source. */
    public void checkNesting(int depth, int position) {
        deepest = Math.max(deepest, depth);
        if (depth > limits.nesting()) {
            throw new ConstraintException(
                    Reason.TOO_DEEP, position, "nested more than " + limits.nesting() + " levels deep");
        }
    }

    /** Whether all that was spent so far is within other limits too. */
    public boolean isWithin(CompileLimits other) {
        return limits.states() - statesLeft <= other.states()
                && chargedBytes() <= other.memoryBytes()
                && chargedSteps() <= other.steps()
                && deepest <= other.nesting();
    }
}
