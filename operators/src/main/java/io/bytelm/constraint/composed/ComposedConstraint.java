package io.bytelm.constraint.composed;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import java.util.List;

/** Constraints joined by a {@link Frame}. */
final class ComposedConstraint implements Constraint {
    private static final int POSITION_BYTES = 32;
    private static final int CALL_BYTES = 48;

    private final Frame frame;
    private final InLeaf[][] begun;
    private final boolean[] leafMayBeEmpty;
    private final ComposedCursor[] at;
    private final long fingerprint;

    /** @throws io.bytelm.constraint.ConstraintException if it is over the budget, or some position is too ambiguous */
    ComposedConstraint(Frame frame, CompileBudget budget) {
        this.frame = frame;
        List<Constraint> leaves = frame.leaves();
        List<Cursor> starts = leaves.stream().map(Constraint::start).toList();
        this.leafMayBeEmpty = new boolean[starts.size()];
        for (int leaf = 0; leaf < leafMayBeEmpty.length; leaf++) {
            leafMayBeEmpty[leaf] = starts.get(leaf).accepting();
        }
        this.begun = new InLeaf[frame.stateCount()][];
        for (int state = 0; state < begun.length; state++) {
            int[] called = frame.leavesAt(state);
            budget.chargeMemory(POSITION_BYTES + (long) CALL_BYTES * called.length);
            begun[state] = new InLeaf[called.length];
            for (int call = 0; call < called.length; call++) {
                int returnState = frame.returns(state)[call];
                begun[state][call] = new InLeaf(this, called[call], returnState, starts.get(called[call]));
            }
        }
        this.at = new ComposedCursor[frame.stateCount()];
        for (int state = 0; state < at.length; state++) {
            Reading reading = new Reading(this, 0);
            reading.enter(state);
            budget.tick(reading.steps());
            budget.chargeMemory((long) CALL_BYTES * reading.size());
            at[state] = reading.position();
        }
        this.fingerprint = frame.fingerprint();
    }

    Frame frame() {
        return frame;
    }

    /** The position at a state of the frame, with all that may begin there. */
    ComposedCursor at(int state) {
        return at[state];
    }

    /** The leaves that may begin at a state, each at its start. */
    InLeaf[] begun(int state) {
        return begun[state];
    }

    /** Whether a leaf accepts the empty text. */
    boolean leafMayBeEmpty(int leaf) {
        return leafMayBeEmpty[leaf];
    }

    @Override
    public Cursor start() {
        return at[0];
    }

    @Override
    public Cursor restore(byte[] saved) {
        return SavedPosition.read(this, saved);
    }

    @Override
    public long fingerprint() {
        return fingerprint;
    }
}
