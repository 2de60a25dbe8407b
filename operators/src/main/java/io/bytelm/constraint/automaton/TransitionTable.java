package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;

/**
 * A deterministic automaton as it comes out of a construction: state 0 is the start, symbols with equal columns share a
 * class.
 *
 * @param classOf {@code [symbols]} the class of a symbol; ascending where classes were cut from ranges
 * @param classCount number of classes
 * @param next {@code [states * classCount]} the next state, -1 for none
 * @param accepting {@code [states]}
 */
public record TransitionTable(int[] classOf, int classCount, int[] next, boolean[] accepting) {
    /** The minimal table of an automaton's language; every state can be reached and can be completed. */
    public static TransitionTable of(Nfa nfa, CompileBudget budget) {
        return SubsetConstruction.determinize(nfa, budget);
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
