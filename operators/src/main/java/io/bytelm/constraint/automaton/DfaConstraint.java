package io.bytelm.constraint.automaton;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A constraint that a finite automaton decides; a step is one table lookup and allocates nothing. */
public final class DfaConstraint implements Constraint {
    private final ByteDfa dfa;
    private final Position[] positions;

    /** @throws ConstraintException if the automaton accepts nothing */
    public DfaConstraint(ByteDfa dfa) {
        if (dfa.isEmpty()) {
            throw new ConstraintException(Reason.UNSATISFIABLE, "no byte string satisfies the constraint");
        }
        this.dfa = dfa;
        this.positions = new Position[dfa.stateCount()];
        for (int state = 0; state < positions.length; state++) {
            positions[state] = new Position(state);
        }
    }

    public ByteDfa dfa() {
        return dfa;
    }

    @Override
    public Cursor start() {
        return positions[0];
    }

    @Override
    public Cursor restore(byte[] saved) {
        int state = saved.length == Integer.BYTES ? ByteBuffer.wrap(saved).getInt() : -1;
        if (state < 0 || state >= positions.length) {
            throw new IllegalArgumentException("the saved bytes are not a position of this constraint");
        }
        return positions[state];
    }

    @Override
    public long fingerprint() {
        return dfa.fingerprint();
    }

    private final class Position implements Cursor {
        private final int state;

        Position(int state) {
            this.state = state;
        }

        @Override
        public @Nullable Cursor step(int nextByte) {
            int next = dfa.next(state, nextByte);
            return next < 0 ? null : positions[next];
        }

        @Override
        public ByteSet live() {
            return dfa.live(state);
        }

        @Override
        public ByteSet live(int bytesLeft) {
            return dfa.live(state, bytesLeft);
        }

        @Override
        public boolean accepting() {
            return dfa.accepting(state);
        }

        @Override
        public int fewestBytesToAccept() {
            return dfa.fewestBytesToAccept(state);
        }

        @Override
        public byte[] save() {
            return ByteBuffer.allocate(Integer.BYTES).putInt(state).array();
        }
    }
}
