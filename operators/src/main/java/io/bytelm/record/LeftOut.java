package io.bytelm.record;

import io.bytelm.beam.DeadEndKind;
import org.jspecify.annotations.Nullable;

/**
 * What a session has left out that reads on after dead ends. Immutable.
 *
 * @param bytes how many bytes: while the prompt is read those of it, then those of the text after it
 * @param first the first dead end; null if there was none
 * @param last the dead end at the last byte read; null if that was read without one
 */
public record LeftOut(
        long bytes, @Nullable DeadEndKind first, @Nullable DeadEndKind last) {
    /** Nothing yet. */
    public static final LeftOut NOTHING = new LeftOut(0, null, null);

    /** After a byte that led to a dead end. */
    public LeftOut after(DeadEndKind deadEnd) {
        return new LeftOut(bytes + (deadEnd.leavesOut() ? 1 : 0), first == null ? deadEnd : first, deadEnd);
    }

    /** After bytes that were read without a dead end. */
    public LeftOut afterReading() {
        return last == null ? this : new LeftOut(bytes, first, null);
    }

    /** Whether the last byte was left out: those left out after it belong to the same dead end. */
    public boolean isLeavingOut() {
        return last != null && last.leavesOut();
    }

    /** Whether the last byte was left out though tokens have it. */
    public boolean isStuck() {
        return last == DeadEndKind.NO_WAY;
    }
}
