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
    private int[] returns = new int[2];
    private StackNode[] callers = new StackNode[2];
    private int size;
    private final int callee;
    private final int generation;
    private int fewest;
    private boolean growing;
    private boolean ended;

    private StackNode(int callee, int generation, int fewest, boolean growing) {
        this.callee = callee;
        this.generation = generation;
        this.fewest = fewest;
        this.growing = growing;
    }

    /** The node of the root rule, whose end is the end of the text. */
    static StackNode bottom() {
        return new StackNode(RuleNetwork.CALLER_ENDS, 0, 0, false);
    }

    /**
     * The node of a rule.
     *
     * @param callee the first state of the rule
     * @param generation above that of all nodes of earlier positions
     */
    static StackNode called(int callee, int generation) {
        return new StackNode(callee, generation, Cursor.VERY_MANY_BYTES, true);
    }

    int generation() {
        return generation;
    }

    /** The first state of the rule; {@link RuleNetwork#CALLER_ENDS} where that is not known any more. */
    int callee() {
        return callee;
    }

    /** Whether the closure at its position is still being computed. */
    boolean isGrowing() {
        return growing;
    }

    void stopGrowing() {
        growing = false;
        returns = Arrays.copyOf(returns, size);
        callers = Arrays.copyOf(callers, size);
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

    /** Adds a call that it does not have yet. */
    void add(int returnState, StackNode caller) {
        if (size == returns.length) {
            returns = Arrays.copyOf(returns, 2 * size);
            callers = Arrays.copyOf(callers, 2 * size);
        }
        returns[size] = returnState;
        callers[size++] = caller;
    }

    /** Computes {@link #fewest} anew from the callers; true if it has become less. */
    boolean relax(RuleNetwork network) {
        int before = fewest;
        for (int i = 0; i < size; i++) {
            fewest = Math.min(fewest, RuleNetwork.plus(network.fewest(returns[i]), callers[i].fewest));
        }
        return fewest < before;
    }

    /** Puts other nodes in the place of some callers; calls that are then the same become one. */
    void replaceCallers(NodeReplacements replacements) {
        Analyses distinct = new Analyses();
        for (int i = 0; i < size; i++) {
            distinct.add(returns[i], replacements.of(callers[i]));
        }
        size = 0;
        for (int i = 0; i < distinct.size(); i++) {
            add(distinct.state(i), distinct.node(i));
        }
    }
}
