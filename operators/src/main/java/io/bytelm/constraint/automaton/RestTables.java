package io.bytelm.constraint.automaton;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that may come in the states of an automaton by how many more follow them, each state's table made when it is first asked
 * for. They take what was charged for them and no more; a state for which nothing is left is worked out at each call. Any thread
 * may use it: what a race writes twice is immutable.
 */
final class RestTables {
    /** What the tables may take, for an automaton and for each state. */
    private static final int BYTES = 2048;

    private static final int BYTES_PER_STATE = 16;

    private final ByteDfa dfa;
    private @Nullable BytesByRest @Nullable [] tables;
    private int bytesLeft; // a race keeps a few tables more than it should

    RestTables(ByteDfa dfa, CompileBudget budget) {
        this.dfa = dfa;
        long all = 0;
        for (int state = 0; state < dfa.stateCount(); state++) {
            all += bytes(state);
        }
        bytesLeft = (int) Math.min(BYTES + (long) BYTES_PER_STATE * dfa.stateCount(), all);
        budget.chargeMemory(bytesLeft);
    }

    /** At least what a state's table takes; it needs none where every byte brings the end equally near. */
    private int bytes(int state) {
        int numbers = Math.min(dfa.classCount(), dfa.fewestBytesAfterWorstByte(state) - afterBestByte(state) + 1);
        return numbers > 1 ? BytesByRest.bytes(numbers) : 0;
    }

    /** At most the fewest bytes after any live byte. */
    private int afterBestByte(int state) {
        return dfa.accepting(state) ? 0 : dfa.fewestBytesToAccept(state) - 1;
    }

    /** The live bytes after which the rest fits, the byte itself among so many; for a state where not all of them fit. */
    ByteSet within(int state, int left) {
        if (left <= afterBestByte(state)) {
            return ByteSet.NONE;
        }
        @Nullable BytesByRest[] all = tables;
        BytesByRest known = all == null ? null : all[state];
        if (known == null && bytes(state) > bytesLeft) {
            return dfa.live(state).retain(b -> dfa.fewestBytesToAccept(dfa.next(state, b)) < left);
        }
        return (known == null ? kept(state) : known).within(left);
    }

    private BytesByRest kept(int state) {
        @Nullable BytesByRest[] all = tables;
        if (all == null) {
            all = new BytesByRest[dfa.stateCount()];
            tables = all;
        }
        long[][] membersOf = dfa.classMembers();
        IntUnaryOperator fewestAfter = c -> {
            int next = dfa.nextByClass(state, c);
            return next < 0 ? ByteDfa.DEAD : dfa.fewestBytesToAccept(next);
        };
        BytesByRest computed = BytesByRest.of(dfa.classCount(), fewestAfter, c -> ByteSet.ofWords(membersOf[c]));
        bytesLeft -= bytes(state);
        all[state] = computed;
        return computed;
    }
}
