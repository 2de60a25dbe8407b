package io.bytelm.constraint.composed;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import org.jspecify.annotations.Nullable;

/** At one state of the frame, where no leaf begins. */
final class InFrame implements ComposedCursor {
    private final ComposedConstraint constraint;
    private final int state;

    InFrame(ComposedConstraint constraint, int state) {
        this.constraint = constraint;
        this.state = state;
    }

    @Override
    public @Nullable Cursor step(int nextByte) {
        int next = constraint.frame().next(state, nextByte);
        return next < 0 ? null : constraint.at(next);
    }

    @Override
    public ByteSet live() {
        return constraint.frame().live(state);
    }

    @Override
    public ByteSet live(int bytesLeft) {
        return constraint.frame().live(state, bytesLeft);
    }

    @Override
    public boolean accepting() {
        return constraint.frame().accepting(state);
    }

    @Override
    public int fewestBytesToAccept() {
        return constraint.frame().fewest(state);
    }

    @Override
    public byte[] save() {
        return SavedPosition.write(new int[] {state}, new InLeaf[0]);
    }
}
