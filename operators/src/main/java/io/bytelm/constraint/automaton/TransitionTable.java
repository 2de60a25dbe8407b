package io.bytelm.constraint.automaton;

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
    public int stateCount() {
        return accepting.length;
    }

    /** The state after a symbol, -1 for none. */
    public int next(int state, int symbol) {
        return next[state * classCount + classOf[symbol]];
    }
}
