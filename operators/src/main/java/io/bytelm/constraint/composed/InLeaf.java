package io.bytelm.constraint.composed;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * In one leaf, which has not ended: as one of {@link Several} it may accept what it has read, but then the state to which it
 * returns stands beside it.
 */
final class InLeaf implements ComposedCursor {
    private final ComposedConstraint constraint;
    private final int leaf;
    private final int returnState;
    private final Cursor cursor;

    InLeaf(ComposedConstraint constraint, int leaf, int returnState, Cursor cursor) {
        this.constraint = constraint;
        this.leaf = leaf;
        this.returnState = returnState;
        this.cursor = cursor;
    }

    int leaf() {
        return leaf;
    }

    /** The frame's state behind the leaf. */
    int returnState() {
        return returnState;
    }

    Cursor cursor() {
        return cursor;
    }

    /** The same leaf one byte on; null if it does not read that byte. */
    @Nullable
    InLeaf stepped(int nextByte) {
        Cursor next = cursor.step(nextByte);
        return next == null ? null : new InLeaf(constraint, leaf, returnState, next);
    }

    @Override
    public @Nullable Cursor step(int nextByte) {
        InLeaf next = stepped(nextByte);
        if (next == null || !next.cursor.accepting()) {
            return next;
        }
        if (next.cursor.live().isEmpty()) {
            return constraint.at(returnState);
        }
        Reading reading = new Reading(constraint, 0);
        reading.goOn(next);
        return reading.position();
    }

    @Override
    public ByteSet live() {
        return cursor.live();
    }

    @Override
    public ByteSet live(int bytesLeft) {
        int inLeaf = bytesLeft - constraint.frame().fewest(returnState);
        return inLeaf <= 0 ? ByteSet.NONE : cursor.live(inLeaf);
    }

    @Override
    public boolean accepting() {
        return false;
    }

    @Override
    public int fewestBytesToAccept() {
        return Frame.plus(cursor.fewestBytesToAccept(), constraint.frame().fewest(returnState));
    }

    @Override
    public int forcedByte() {
        return cursor.forcedByte();
    }

    @Override
    public byte[] save() {
        return SavedPosition.write(new int[0], new InLeaf[] {this});
    }
}
