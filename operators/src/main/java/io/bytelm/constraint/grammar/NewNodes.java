package io.bytelm.constraint.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes of one position while its closure is computed: one for each rule that is called there. */
final class NewNodes {
    private static final int MOST_COMPARED = 8;

    private final int generation;
    private final List<StackNode> nodes = new ArrayList<>(2);
    private final Map<Integer, StackNode> later = new HashMap<>();
    private final List<Analyses> calls = new ArrayList<>(2);
    private final Map<StackNode, Analyses> callsOf = new HashMap<>();

    /** @param generation of these nodes */
    NewNodes(int generation) {
        this.generation = generation;
    }

    List<StackNode> all() {
        return nodes;
    }

    /** The node of a rule, made at its first call. */
    StackNode of(int callee) {
        for (int i = 0; i < Math.min(nodes.size(), MOST_COMPARED); i++) {
            if (nodes.get(i).callee() == callee) {
                return nodes.get(i);
            }
        }
        return nodes.size() < MOST_COMPARED ? add(callee) : later.computeIfAbsent(callee, this::add);
    }

    private StackNode add(int callee) {
        StackNode node = StackNode.called(callee, generation);
        nodes.add(node);
        calls.add(new Analyses());
        callsOf.put(node, calls.get(calls.size() - 1));
        return node;
    }

    /** Notes a call of a node; false if it is known. */
    boolean addCall(StackNode node, int returnState, StackNode caller) {
        Analyses known = callsOf.get(node);
        if (known == null || !known.add(returnState, caller)) {
            return false;
        }
        node.add(returnState, caller);
        return true;
    }
}
