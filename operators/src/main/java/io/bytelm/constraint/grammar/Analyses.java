package io.bytelm.constraint.grammar;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A growing set of pairs of a state of the network and a node of the stack, in order: analyses, or calls. */
final class Analyses {
    private record Pair(int state, StackNode node) {}

    private static final int MOST_COMPARED = 16;

    private int[] states = new int[4];
    private StackNode[] nodes = new StackNode[4];
    private int size;
    private @Nullable Set<Pair> later;

    int size() {
        return size;
    }

    int state(int index) {
        return states[index];
    }

    StackNode node(int index) {
        return nodes[index];
    }

    /** Adds a pair; false if it is there already. */
    boolean add(int state, StackNode node) {
        if (contains(state, node)) {
            return false;
        }
        if (size == states.length) {
            states = Arrays.copyOf(states, 2 * size);
            nodes = Arrays.copyOf(nodes, 2 * size);
        }
        states[size] = state;
        nodes[size++] = node;
        return true;
    }

    /** Compares with the first few; once there are more, all later ones are remembered in a hash set. */
    private boolean contains(int state, StackNode node) {
        for (int i = 0; i < Math.min(size, MOST_COMPARED); i++) {
            if (states[i] == state && nodes[i] == node) {
                return true;
            }
        }
        if (size < MOST_COMPARED) {
            return false;
        }
        if (later == null) {
            later = new HashSet<>();
        }
        return !later.add(new Pair(state, node));
    }
}
