package io.bytelm.constraint.composed;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import org.jspecify.annotations.Nullable;

/** Several ways in which the text so far can be read: all that can go on, each once. */
final class Several implements ComposedCursor {
    private final ComposedConstraint constraint;
    private final int[] states;
    private final InLeaf[] inLeaves;
    /** What the ways took since the text was last unambiguous. */
    private final int steps;

    Several(ComposedConstraint constraint, int[] states, InLeaf[] inLeaves, int steps) {
        this.constraint = constraint;
        this.states = states;
        this.inLeaves = inLeaves;
        this.steps = steps;
    }

    @Override
    public @Nullable Cursor step(int nextByte) {
        Reading reading = new Reading(constraint, steps);
        for (int state : states) {
            int next = constraint.frame().next(state, nextByte);
            if (next >= 0) {
                reading.enter(next);
            }
        }
        for (InLeaf inLeaf : inLeaves) {
            InLeaf next = inLeaf.stepped(nextByte);
            if (next != null) {
                reading.goOn(next);
            }
        }
        return reading.isEmpty() ? null : reading.position();
    }

    @Override
    public ByteSet live() {
        ByteSet live = ByteSet.NONE;
        for (int state : states) {
            live = live.or(constraint.frame().live(state));
        }
        for (InLeaf inLeaf : inLeaves) {
            live = live.or(inLeaf.live());
        }
        return live;
    }

    @Override
    public ByteSet live(int bytesLeft) {
        ByteSet live = ByteSet.NONE;
        for (int state : states) {
            live = live.or(constraint.frame().live(state, bytesLeft));
        }
        for (InLeaf inLeaf : inLeaves) {
            live = live.or(inLeaf.live(bytesLeft));
        }
        return live;
    }

    @Override
    public boolean accepting() {
        for (int state : states) {
            if (constraint.frame().accepting(state)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int fewestBytesToAccept() {
        int fewest = VERY_MANY_BYTES;
        for (int state : states) {
            fewest = Math.min(fewest, constraint.frame().fewest(state));
        }
        for (InLeaf inLeaf : inLeaves) {
            fewest = Math.min(fewest, inLeaf.fewestBytesToAccept());
        }
        return fewest;
    }

    @Override
    public byte[] save() {
        return SavedPosition.write(states, inLeaves);
    }
}
