package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;

/**
 * A deterministic automaton as it comes out of a construction: state 0 is the start, symbols with equal columns share a
 * class. Its arrays are not to be changed.
 */
public final class TransitionTable {
    private final SymbolClasses symbols;
    private final int[] next;
    private final boolean[] accepting;

    TransitionTable(SymbolClasses symbols, int[] next, boolean[] accepting) {
        this.symbols = symbols;
        this.next = next;
        this.accepting = accepting;
    }

    /** The minimal table of an automaton's language; every state can be reached and can be completed. */
    public static TransitionTable of(Nfa nfa, CompileBudget budget) {
        return SubsetConstruction.determinize(nfa, budget);
    }

    SymbolClasses symbols() {
        return symbols;
    }

    /** The class of a symbol; -1 if it is above the bytes and never read. */
    public int classOf(int symbol) {
        return symbols.classOf(symbol);
    }

    /** The symbols above the bytes that may be read, ascending; no others are. */
    public int[] symbolsAboveBytes() {
        return symbols.above();
    }

    public int classCount() {
        return symbols.count();
    }

    /** {@code [states * classCount]}: the next state, -1 for none. */
    public int[] next() {
        return next;
    }

    /** {@code [states]}. */
    public boolean[] accepting() {
        return accepting;
    }

    public int stateCount() {
        return accepting.length;
    }

    /** The state after a symbol, -1 for none. */
    public int next(int state, int symbol) {
        int symbolClass = symbols.classOf(symbol);
        return symbolClass < 0 ? -1 : next[state * symbols.count() + symbolClass];
    }
}
