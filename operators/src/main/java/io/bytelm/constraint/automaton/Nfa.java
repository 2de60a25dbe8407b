package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A nondeterministic automaton under construction (Thompson 1968): edges over ranges of symbols, empty edges, and empty
 * edges with a condition. Symbols are bytes, 0 to 255, and whatever a client adds above them. One start, one end.
 */
public final class Nfa {
    static final int NONE = -1;
    private static final int BYTES = 256;
    private static final int STATE_BYTES = 8;
    private static final int EDGE_BYTES = 16;

    private final CompileBudget budget;
    private final IntList firstEdge = new IntList();
    private final IntList firstEmptyEdge = new IntList();
    private final IntList edges = new IntList();
    private final IntList emptyEdges = new IntList();
    private final List<Look> looks = new ArrayList<>();
    private final Map<Look, Integer> numberOfLook = new IdentityHashMap<>();
    private final int start;
    private final int end;

    public Nfa(CompileBudget budget) {
        this.budget = budget;
        this.start = addState();
        this.end = addState();
    }

    public int start() {
        return start;
    }

    /** The accepting state. */
    public int end() {
        return end;
    }

    public int addState() {
        budget.chargeState(STATE_BYTES);
        firstEdge.add(NONE);
        firstEmptyEdge.add(NONE);
        return firstEdge.size() - 1;
    }

    /** Reads one symbol of {@code first .. last}; above the bytes a range is a single symbol. */
    public void addEdge(int from, int first, int last, int to) {
        budget.tick();
        budget.chargeMemory(EDGE_BYTES);
        edges.add(firstEdge.get(from));
        edges.add(first);
        edges.add(last);
        edges.add(to);
        firstEdge.set(from, edges.size() - 4);
    }

    /** Reads nothing. */
    public void addEmptyEdge(int from, int to) {
        addEmptyEdge(from, to, NONE);
    }

    /** An edge that is passed on a condition; the same object is one condition, however many edges have it. */
    void addLook(int from, int to, Look look) {
        Integer number = numberOfLook.putIfAbsent(look, looks.size());
        if (number == null) {
            number = looks.size();
            looks.add(look);
        }
        addEmptyEdge(from, to, number);
    }

    private void addEmptyEdge(int from, int to, int look) {
        budget.tick();
        budget.chargeMemory(EDGE_BYTES);
        emptyEdges.add(firstEmptyEdge.get(from));
        emptyEdges.add(look);
        emptyEdges.add(to);
        firstEmptyEdge.set(from, emptyEdges.size() - 3);
    }

    /** Reads what a deterministic automaton over bytes accepts. */
    public void addAutomaton(int from, ByteDfa dfa, int to) {
        int[] states = new int[dfa.stateCount()];
        for (int s = 0; s < states.length; s++) {
            states[s] = addState();
            if (dfa.accepting(s)) {
                addEmptyEdge(states[s], to);
            }
        }
        for (int s = 0; s < states.length; s++) {
            addRangesOf(dfa, s, states);
        }
        addEmptyEdge(from, states[0]);
    }

    private void addRangesOf(ByteDfa dfa, int state, int[] states) {
        budget.tick(BYTES / 4);
        int b = 0;
        while (b < BYTES) {
            int target = dfa.next(state, b);
            int first = b;
            while (b < BYTES && dfa.next(state, b) == target) {
                b++;
            }
            if (target >= 0) {
                addEdge(states[state], first, b - 1, states[target]);
            }
        }
    }

    int stateCount() {
        return firstEdge.size();
    }

    /** What building it is charged to. */
    public CompileBudget budget() {
        return budget;
    }

    List<Look> looks() {
        return looks;
    }

    /** The first edge of a state, or NONE; then {@link #nextEdge}. */
    int firstEdge(int state) {
        return firstEdge.get(state);
    }

    int nextEdge(int edge) {
        return edges.get(edge);
    }

    int first(int edge) {
        return edges.get(edge + 1);
    }

    int last(int edge) {
        return edges.get(edge + 2);
    }

    int target(int edge) {
        return edges.get(edge + 3);
    }

    int edgeCount() {
        return edges.size() / 4;
    }

    int firstEmptyEdge(int state) {
        return firstEmptyEdge.get(state);
    }

    int nextEmptyEdge(int edge) {
        return emptyEdges.get(edge);
    }

    /** The condition of an empty edge, an index of {@link #looks}, or NONE. */
    int lookOf(int emptyEdge) {
        return emptyEdges.get(emptyEdge + 1);
    }

    int emptyTarget(int emptyEdge) {
        return emptyEdges.get(emptyEdge + 2);
    }
}
