package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The minimal acyclic automaton of byte strings that come in order, built without their trie: what the next string no longer
 * shares with the latest one is finished, and is one with a finished state that goes on alike (Daciuk, Mihov, Watson and
 * Watson, "Incremental construction of minimal acyclic finite-state automata", 2000, for sorted input). States are numbered
 * after those that they lead to; the start comes last.
 */
final class WordGraph {
    /** A finished state beside its edges: the array around them, its place and its share of the hash table. */
    private static final int STATE_BYTES = 40;

    private final CompileBudget budget;
    /** Of each finished state: 1 if it accepts, else 0; then a byte and a state by turns, ascending by byte. */
    private final IntArrayInterner finished = new IntArrayInterner();
    /** The edges, in the same form, of the states along the latest string, by depth. */
    private final List<IntList> openEdges = new ArrayList<>();

    private final BitSet openAccepting = new BitSet();
    private byte[] latest = new byte[0];
    private long heldBytes;

    private WordGraph(CompileBudget budget) {
        this.budget = budget;
        openEdges.add(new IntList());
    }

    /** @param sorted ascending as unsigned bytes; the same string may come twice */
    static WordGraph of(List<byte[]> sorted, CompileBudget budget) {
        WordGraph graph = new WordGraph(budget);
        sorted.forEach(graph::add);
        graph.finishBelow(0);
        graph.finish(0);
        return graph;
    }

    private void add(byte[] string) {
        budget.tick(1L + string.length);
        int mismatch = Arrays.mismatch(latest, string);
        finishBelow(mismatch < 0 ? string.length : mismatch);
        while (openEdges.size() <= string.length) {
            openEdges.add(new IntList());
        }
        openAccepting.set(string.length);
        latest = string;
    }

    private void finishBelow(int depth) {
        for (int d = latest.length; d > depth; d--) {
            int state = finish(d);
            openEdges.get(d - 1).add(latest[d - 1] & 0xFF);
            openEdges.get(d - 1).add(state);
        }
    }

    private int finish(int depth) {
        IntList edges = openEdges.get(depth);
        int[] state = new int[1 + edges.size()];
        state[0] = openAccepting.get(depth) ? 1 : 0;
        for (int i = 0; i < edges.size(); i++) {
            state[1 + i] = edges.get(i);
        }
        edges.clear();
        openAccepting.clear(depth);
        budget.tick(state.length);
        int before = finished.size();
        int number = finished.intern(state);
        if (finished.size() > before) {
            heldBytes += STATE_BYTES + 4L * state.length;
            budget.requireMemory(heldBytes);
        }
        return number;
    }

    int stateCount() {
        return finished.size();
    }

    int start() {
        return finished.size() - 1;
    }

    boolean accepting(int state) {
        return finished.get(state)[0] == 1;
    }

    int edgeCount(int state) {
        return finished.get(state).length / 2;
    }

    /** The byte that an edge of a state reads (0 to 255); ascending. */
    int label(int state, int edge) {
        return finished.get(state)[1 + 2 * edge];
    }

    int target(int state, int edge) {
        return finished.get(state)[2 + 2 * edge];
    }
}
