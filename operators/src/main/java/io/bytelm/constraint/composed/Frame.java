package io.bytelm.constraint.composed;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.automaton.TransitionTable;
import java.util.Arrays;
import java.util.List;

/**
 * The deterministic automaton around the constraints that are no automata, its leaves: a state reads bytes, and begins leaves,
 * each of which returns to a state. State 0 is the start. Immutable.
 */
final class Frame {
    /** After a byte that the frame itself does not read. */
    static final int DEAD = -1;

    private static final int BYTES = 256;
    private static final int STATE_BYTES = 120;
    private static final int CALL_BYTES = 8;

    private final List<Constraint> leaves;
    private final TransitionTable table;
    private final int[] classOf = new int[BYTES];
    private final int[] fewestInLeaf;
    private final int[][] leavesAt;
    private final int[][] returns;
    private final ByteSet[] live;
    private final int[] fewest;
    private final int[] fewestAfterWorstByte;

    Frame(TransitionTable table, List<Constraint> leaves, CompileBudget budget) {
        this.table = table;
        this.leaves = List.copyOf(leaves);
        int states = table.stateCount();
        budget.chargeMemory((long) STATE_BYTES * states);
        for (int b = 0; b < BYTES; b++) {
            classOf[b] = table.classOf(b);
        }
        fewestInLeaf = leaves.stream()
                .mapToInt(leaf -> leaf.start().fewestBytesToAccept())
                .toArray();
        leavesAt = new int[states][];
        returns = new int[states][];
        for (int state = 0; state < states; state++) {
            findCalls(state, budget);
        }
        fewest = computeFewest(budget);
        live = new ByteSet[states];
        fewestAfterWorstByte = new int[states];
        for (int state = 0; state < states; state++) {
            describe(state, budget);
        }
    }

    private void findCalls(int state, CompileBudget budget) {
        int[] symbols = table.symbolsAboveBytes();
        budget.tick(symbols.length);
        int[] called = Arrays.stream(symbols)
                .filter(symbol -> table.next(state, symbol) >= 0)
                .toArray();
        budget.chargeMemory((long) CALL_BYTES * called.length);
        leavesAt[state] = Arrays.stream(called).map(symbol -> symbol - BYTES).toArray();
        returns[state] =
                Arrays.stream(called).map(symbol -> table.next(state, symbol)).toArray();
    }

    /** The least fixpoint; states are numbered from the start on, so that it is mostly found backwards at once. */
    private int[] computeFewest(CompileBudget budget) {
        int[] bytes = new int[table.stateCount()];
        Arrays.fill(bytes, Cursor.VERY_MANY_BYTES);
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int state = bytes.length - 1; state >= 0; state--) {
                budget.tick(BYTES / 2);
                int best = fewest(state, bytes);
                changed |= best < bytes[state];
                bytes[state] = best;
            }
        }
        return bytes;
    }

    private int fewest(int state, int[] bytes) {
        if (accepting(state)) {
            return 0;
        }
        int best = bytes[state];
        for (int b = 0; b < BYTES; b++) {
            int target = next(state, b);
            best = target < 0 ? best : Math.min(best, plus(1, bytes[target]));
        }
        for (int call = 0; call < leavesAt[state].length; call++) {
            best = Math.min(best, plus(fewestInLeaf[leavesAt[state][call]], bytes[returns[state][call]]));
        }
        return best;
    }

    private void describe(int state, CompileBudget budget) {
        budget.tick(BYTES / 2);
        long[] words = new long[4];
        for (int b = 0; b < BYTES; b++) {
            int target = next(state, b);
            if (target >= 0) {
                words[b >> 6] |= 1L << b;
                fewestAfterWorstByte[state] = Math.max(fewestAfterWorstByte[state], fewest[target]);
            }
        }
        live[state] = ByteSet.ofWords(words);
    }

    int stateCount() {
        return fewest.length;
    }

    List<Constraint> leaves() {
        return leaves;
    }

    int next(int state, int nextByte) {
        return table.next()[state * table.classCount() + classOf[nextByte]];
    }

    boolean accepting(int state) {
        return table.accepting()[state];
    }

    /** The leaves that may begin here. */
    int[] leavesAt(int state) {
        return leavesAt[state];
    }

    /** Where each of {@link #leavesAt} returns to. */
    int[] returns(int state) {
        return returns[state];
    }

    /** The bytes that the frame itself reads. */
    ByteSet live(int state) {
        return live[state];
    }

    /** The same of those bytes after which a completion still fits, as in {@link Cursor#live(int)}. */
    ByteSet live(int state, int bytesLeft) {
        return fewestAfterWorstByte[state] < bytesLeft
                ? live[state]
                : live[state].retain(b -> fewest[next(state, b)] < bytesLeft);
    }

    /** The fewest bytes to the end, those of leaves included. */
    int fewest(int state) {
        return fewest[state];
    }

    static int plus(int bytes, int more) {
        return (int) Math.min((long) bytes + more, Cursor.VERY_MANY_BYTES);
    }

    long fingerprint() {
        Fingerprint fingerprint = new Fingerprint().add(leaves.size());
        leaves.forEach(leaf -> fingerprint.add(leaf.fingerprint()));
        for (int state = 0; state < stateCount(); state++) {
            fingerprint.add(accepting(state) ? 1 : 0);
            fingerprint.add(Arrays.hashCode(leavesAt[state])).add(Arrays.hashCode(returns[state]));
            for (int b = 0; b < BYTES; b++) {
                fingerprint.add(next(state, b));
            }
        }
        return fingerprint.value();
    }
}
