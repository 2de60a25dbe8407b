package io.bytelm.constraint;

import org.jspecify.annotations.Nullable;

/**
 * A position in a constraint: the bytes so far, as far as they matter. Immutable and cheap; any thread may use it.
 *
 * <p>There are no dead ends: each live byte leads to a position from which the constraint can be completed.
 */
public interface Cursor {
    /** Stands for every number of bytes that is at least this large; no byte budget may reach it. */
    int VERY_MANY_BYTES = 1 << 30;

    /** The position after one more byte (0 to 255); null if that byte is not live. */
    @Nullable
    Cursor step(int nextByte);

    /** The bytes that may come next; empty only where the constraint is accepting and nothing can follow. */
    ByteSet live();

    /** True if the bytes so far are complete. */
    boolean accepting();

    /** The fewest bytes that complete the bytes so far, 0 if {@link #accepting}; at most {@link #VERY_MANY_BYTES}. */
    int fewestBytesToAccept();

    /** Writes the position down in few bytes for {@link Constraint#restore}. */
    byte[] save();

    /** The live bytes after which a completion still fits: {@code bytesLeft} counts the next byte too. */
    default ByteSet live(int bytesLeft) {
        return live().retain(b -> {
            Cursor next = step(b);
            return next != null && next.fewestBytesToAccept() < bytesLeft;
        });
    }

    /** About what the step to this position took, in steps of a grammar's work; for what follows many positions at once. */
    default int stepsTaken() {
        return 1;
    }

    /** The only way to go on: the one live byte of a position that is not accepting; -1 if there is a choice. */
    default int forcedByte() {
        if (accepting()) {
            return -1;
        }
        ByteSet live = live();
        int first = live.nextMember(0);
        return live.nextMember(first + 1) < 0 ? first : -1;
    }
}
