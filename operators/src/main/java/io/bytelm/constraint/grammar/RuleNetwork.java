package io.bytelm.constraint.grammar;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.SavedNumbers;
import io.bytelm.constraint.automaton.BytesByRest;
import io.bytelm.constraint.automaton.TransitionTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The automata of all rules that are left, their states numbered through; state 0 is the beginning of the root. */
final class RuleNetwork {
    /** Where a call returns to if its caller ends with it. */
    static final int CALLER_ENDS = -1;
    /** After a byte that cannot come. */
    static final int DEAD = -1;

    private static final int BYTES = RuleTables.BYTES;
    private static final int STATE_BYTES = 4 * BYTES + 250;
    private static final int CALL_BYTES = 8;
    private static final int STEPS_PER_CALL = 4;

    private final int[] next;
    private final boolean[] ends;
    private final int[][] callees;
    private final int[][] returns;
    private final BytesByRest[] read;
    private final int[] fewest;
    private final @Nullable Cursor[] leafStarts;
    private final @Nullable Constraint[] leaves;

    /** @param leafOf rules, by their number, that are read by a cursor of a constraint; such a rule has one state */
    RuleNetwork(RuleTables tables, Map<Integer, Constraint> leafOf, int root, CompileBudget budget) {
        int[] rules = CallOrder.calleesFirst(tables, root, budget);
        int[] starts = new int[tables.ruleCount()];
        int states = 0;
        for (int i = rules.length - 1; i >= 0; i--) {
            starts[rules[i]] = states;
            states += tables.table(rules[i]).stateCount();
        }
        budget.chargeMemory(STATE_BYTES * (long) states);
        budget.tick(2L * BYTES * states);
        next = new int[states * BYTES];
        ends = new boolean[states];
        callees = new int[states][];
        returns = new int[states][];
        read = new BytesByRest[states];
        for (int rule : rules) {
            link(tables, rule, starts, budget);
        }
        leaves = new Constraint[states];
        leafStarts = new Cursor[states];
        for (int rule : rules) {
            Constraint leaf = leafOf.get(rule);
            if (leaf != null) {
                leaves[starts[rule]] = leaf;
                leafStarts[starts[rule]] = leaf.start();
                ends[starts[rule]] = leaf.start().accepting();
            }
        }
        fewest = new FewestBytes(this, states, budget).compute();
        for (int state = 0; state < states; state++) {
            read[state] = bytesByRest(state);
        }
    }

    private void link(RuleTables tables, int rule, int[] starts, CompileBudget budget) {
        TransitionTable table = tables.table(rule);
        int start = starts[rule];
        for (int state = 0; state < table.stateCount(); state++) {
            budget.chargeState(0);
            ends[start + state] = table.accepting()[state];
            for (int b = 0; b < BYTES; b++) {
                int target = table.next(state, b);
                next[(start + state) * BYTES + b] = target < 0 ? DEAD : start + target;
            }
            linkCalls(tables, rule, state, starts, budget);
        }
    }

    private void linkCalls(RuleTables tables, int rule, int state, int[] starts, CompileBudget budget) {
        TransitionTable table = tables.table(rule);
        List<Integer> called = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        for (int callee : tables.callsOf(rule)) {
            budget.tick(STEPS_PER_CALL);
            int target = table.next(state, BYTES + callee);
            if (target >= 0) {
                budget.tick(table.classCount());
                budget.chargeMemory(CALL_BYTES);
                called.add(starts[callee]);
                after.add(isLast(table, target) ? CALLER_ENDS : starts[rule] + target);
            }
        }
        callees[starts[rule] + state] = called.stream().mapToInt(i -> i).toArray();
        returns[starts[rule] + state] = after.stream().mapToInt(i -> i).toArray();
    }

    private static boolean isLast(TransitionTable table, int state) {
        for (int c = 0; c < table.classCount(); c++) {
            if (table.next()[state * table.classCount() + c] >= 0) {
                return false;
            }
        }
        return table.accepting()[state];
    }

    private BytesByRest bytesByRest(int state) {
        return BytesByRest.ofBytes(b -> {
            int target = next(state, b);
            return target < 0 ? DEAD : fewest[target];
        });
    }

    /** The start of the leaf that a state stands for; null if it stands for none. */
    @Nullable
    Cursor leafStart(int state) {
        return leafStarts[state];
    }

    /** A saved position of the leaf that a state stands for. @throws IllegalArgumentException if there is none such */
    Cursor restoreLeaf(int state, byte[] saved) {
        Constraint leaf = leaves[state];
        if (leaf == null) {
            throw SavedNumbers.notAPosition();
        }
        return leaf.restore(saved);
    }

    boolean hasLeaves() {
        return Arrays.stream(leaves).anyMatch(leaf -> leaf != null);
    }

    int stateCount() {
        return ends.length;
    }

    /** The state after a byte, or DEAD. */
    int next(int state, int nextByte) {
        return next[state * BYTES + nextByte];
    }

    /** Whether the rule may end here. */
    boolean ends(int state) {
        return ends[state];
    }

    /** The first states of the rules that may be called here. */
    int[] callees(int state) {
        return callees[state];
    }

    /** Where each of the {@link #callees} returns to. */
    int[] returns(int state) {
        return returns[state];
    }

    /** Whether only bytes can come here: no call, no end. */
    boolean readsOnly(int state) {
        return !ends[state] && callees[state].length == 0;
    }

    /** The bytes that this state itself reads, without calls and ends. */
    ByteSet live(int state) {
        return read[state].all();
    }

    /** Those of them after which the rule can end within so many bytes, the byte itself among them. */
    ByteSet live(int state, int bytesLeft) {
        return read[state].within(bytesLeft);
    }

    /** The fewest bytes to the end of the rule. */
    int fewest(int state) {
        return fewest[state];
    }

    long fingerprint() {
        Fingerprint fingerprint = new Fingerprint();
        for (int state = 0; state < stateCount(); state++) {
            fingerprint.add(ends[state] ? 1 : 0).add(Arrays.hashCode(callees[state]));
            fingerprint.add(Arrays.hashCode(returns[state]));
            Constraint leaf = leaves[state];
            if (leaf != null) {
                fingerprint.add(leaf.fingerprint());
            }
            for (int b = 0; b < BYTES; b++) {
                fingerprint.add(next(state, b));
            }
        }
        return fingerprint.value();
    }

    static int plus(int bytes, int more) {
        return (int) Math.min((long) bytes + more, Cursor.VERY_MANY_BYTES);
    }
}
