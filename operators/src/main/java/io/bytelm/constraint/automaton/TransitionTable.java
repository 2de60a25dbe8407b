package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;

/**
 * A deterministic automaton as it comes out of a construction: state 0 is the start, symbols with equal columns share a
 * class. Its arrays are not to be changed.
 */
public final class TransitionTable {
    private final int[] classOf;
    private final int classCount;
    private final int[] next;
    private final boolean[] accepting;

    TransitionTable(int[] classOf, int classCount, int[] next, boolean[] accepting) {
        this.classOf = classOf;
        this.classCount = classCount;
        this.next = next;
        this.accepting = accepting;
    }

    /** The minimal table of an automaton's language; every state can be reached and can be completed. */
    public static TransitionTable of(Nfa nfa, CompileBudget budget) {
        return SubsetConstruction.determinize(nfa, budget);
    }

    /** {@code [symbols]}: the class of each. */
    public int[] classOf() {
        return classOf;
    }

    public int classCount() {
        return classCount;
    }

    /** {@code [states * classCount]}: the next state, -1 for none. */
    public int[] next() {
        return next;
    }

    /** {@code [states]}. */
    public boolean[] accepting() {
        return accepting;
    }

    public int symbolCount() {
        return classOf.length;
    }

    public int stateCount() {
        return accepting.length;
    }

    /** The state after a symbol, -1 for none. */
    public int next(int state, int symbol) {
        return next[state * classCount + classOf[symbol]];
    }
}
