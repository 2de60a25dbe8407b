package io.bytelm.constraint.grammar;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A growing set of analyses of the text so far, each a state of the network and a node of the stack, in order. */
final class Analyses {
    private record Analysis(int state, StackNode node) {}

    private static final int MOST_COMPARED = 16;

    private int[] states = new int[4];
    private StackNode[] nodes = new StackNode[4];
    private int size;
    private @Nullable Set<Analysis> later;

    int size() {
        return size;
    }

    int state(int index) {
        return states[index];
    }

    StackNode node(int index) {
        return nodes[index];
    }

    void add(int state, StackNode node) {
        if (contains(state, node)) {
            return;
        }
        if (size == states.length) {
            states = Arrays.copyOf(states, 2 * size);
            nodes = Arrays.copyOf(nodes, 2 * size);
        }
        states[size] = state;
        nodes[size++] = node;
    }

    /** Compares with the few there are; once there are many, all later ones are remembered in a hash set. */
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
        return !later.add(new Analysis(state, node));
    }
}
