package io.bytelm.constraint.grammar;

import io.bytelm.constraint.Cursor;
import java.util.Arrays;

/**
 * All the ways in which one rule can have been called at one position: for each, where the call returns to, and the node of
 * the caller. Nodes form the graph-structured stack of Tomita 1985; as in Scott and Johnstone's GLL parsing (2010) there is
 * one for each rule and position, so that a rule may call itself first, in a circle. A node grows only while the closure at
 * its position is computed; then it never changes.
 */
final class StackNode {
    /** More ways than this are not followed, but for those that take the fewest bytes. */
    static final int MOST_CALLS = 64;

    private static final int CALLS_COMPARED = 8;

    private int[] returns = new int[2];
    private StackNode[] callers = new StackNode[2];
    private int size;
    private final int callee;
    private int fewest;
    private boolean ended;

    private StackNode(int callee, int fewest) {
        this.callee = callee;
        this.fewest = fewest;
    }

    /** The node of the root rule, whose end is the end of the text. */
    static StackNode bottom() {
        return new StackNode(0, 0);
    }

    /** @param callee the first state of the rule */
    static StackNode called(int callee) {
        return new StackNode(callee, Cursor.VERY_MANY_BYTES);
    }

    int callee() {
        return callee;
    }

    /** Whether the rule has ended at the position where it was called. */
    boolean ended() {
        return ended;
    }

    void markEnded() {
        ended = true;
    }

    boolean isBottom() {
        return size == 0;
    }

    int size() {
        return size;
    }

    int returnState(int call) {
        return returns[call];
    }

    StackNode caller(int call) {
        return callers[call];
    }

    /** The fewest bytes from the end of the rule to the end of the text. */
    int fewest() {
        return fewest;
    }

    /** Adds a call; false if it is found there already. Only a few are compared: to have one twice does no harm. */
    boolean add(int returnState, StackNode caller) {
        for (int i = 0; i < Math.min(size, CALLS_COMPARED); i++) {
            if (returns[i] == returnState && callers[i] == caller) {
                return false;
            }
        }
        if (size == returns.length) {
            returns = Arrays.copyOf(returns, 2 * size);
            callers = Arrays.copyOf(callers, 2 * size);
        }
        returns[size] = returnState;
        callers[size++] = caller;
        return true;
    }

    /** Computes {@link #fewest} anew from the callers; true if it has become less. */
    boolean relax(RuleNetwork network) {
        int before = fewest;
        for (int i = 0; i < size; i++) {
            fewest = Math.min(fewest, fewestThrough(network, i));
        }
        return fewest < before;
    }

    private int fewestThrough(RuleNetwork network, int call) {
        return RuleNetwork.plus(network.fewest(returns[call]), callers[call].fewest);
    }

    /** Forgets all but the best {@link #MOST_CALLS} calls. */
    void forgetTheWorst(RuleNetwork network) {
        if (size <= MOST_CALLS) {
            return;
        }
        int[] best = Best.of(size, MOST_CALLS, i -> fewestThrough(network, i));
        int[] keptReturns = new int[MOST_CALLS];
        StackNode[] keptCallers = new StackNode[MOST_CALLS];
        for (int i = 0; i < MOST_CALLS; i++) {
            keptReturns[i] = returns[best[i]];
            keptCallers[i] = callers[best[i]];
        }
        returns = keptReturns;
        callers = keptCallers;
        size = MOST_CALLS;
    }
}
