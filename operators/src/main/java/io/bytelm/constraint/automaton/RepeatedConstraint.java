package io.bytelm.constraint.automaton;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An item so many times, one after the other: the item's automaton beside a counter, where one automaton would be too large. */
public final class RepeatedConstraint implements Constraint {
    private static final int SAVED_BYTES = 2 * Integer.BYTES;

    private final ByteDfa item;
    private final int min;
    private final int max;

    /**
     * @param item accepts something, and nothing that is the beginning of something else that it accepts, so that each text
     *     is cut into items in one way; not the empty text
     * @param max {@link Expression#UNBOUNDED} for no limit
     */
    public RepeatedConstraint(ByteDfa item, int min, int max) {
        if (item.isEmpty() || item.accepting(0) || max < min || max < 1) {
            throw new IllegalArgumentException(
                    "an item of at least one byte comes from " + min + " to " + max + " times");
        }
        this.item = item;
        this.min = min;
        this.max = max;
    }

    @Override
    public Cursor start() {
        return new Position(0, 0);
    }

    @Override
    public Cursor restore(byte[] saved) {
        if (saved.length == SAVED_BYTES) {
            ByteBuffer in = ByteBuffer.wrap(saved);
            int count = in.getInt();
            int state = in.getInt();
            boolean canCome = max == Expression.UNBOUNDED || count < max || (count == max && state == 0);
            if (count >= 0 && canCome && state >= 0 && state < item.stateCount() && !item.accepting(state)) {
                return new Position(count, state);
            }
        }
        throw new IllegalArgumentException("the saved bytes are not a position of this constraint");
    }

    @Override
    public long fingerprint() {
        return new Fingerprint().add(item.fingerprint()).add(min).add(max).value();
    }

    /** The fewest bytes of what is missing after so many items. */
    private int fewestAfter(int count) {
        long bytes = Math.max(0L, (long) min - count) * item.fewestBytesToAccept(0);
        return (int) Math.min(bytes, Cursor.VERY_MANY_BYTES);
    }

    private final class Position implements Cursor {
        private final int count;
        private final int state;

        /**
         * @param count whole items so far; without a maximum as far as they are needed
         * @param state within the next item, 0 before it
         */
        Position(int count, int state) {
            this.count = count;
            this.state = state;
        }

        private boolean isFull() {
            return max != Expression.UNBOUNDED && count == max;
        }

        private int countAfterItem() {
            return max == Expression.UNBOUNDED ? Math.min(min, count + 1) : count + 1;
        }

        @Override
        public @Nullable Cursor step(int nextByte) {
            int next = isFull() ? ByteDfa.DEAD : item.next(state, nextByte);
            if (next < 0) {
                return null;
            }
            return item.accepting(next) ? new Position(countAfterItem(), 0) : new Position(count, next);
        }

        @Override
        public ByteSet live() {
            return isFull() ? ByteSet.NONE : item.live(state);
        }

        @Override
        public ByteSet live(int bytesLeft) {
            return isFull() ? ByteSet.NONE : item.live(state, bytesLeft - fewestAfter(count + 1));
        }

        @Override
        public boolean accepting() {
            return state == 0 && count >= min;
        }

        @Override
        public int fewestBytesToAccept() {
            if (state == 0) {
                return fewestAfter(count);
            }
            long bytes = (long) item.fewestBytesToAccept(state) + fewestAfter(count + 1);
            return (int) Math.min(bytes, VERY_MANY_BYTES);
        }

        @Override
        public byte[] save() {
            return ByteBuffer.allocate(SAVED_BYTES).putInt(count).putInt(state).array();
        }
    }
}
