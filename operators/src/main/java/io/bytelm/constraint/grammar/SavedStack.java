package io.bytelm.constraint.grammar;

import io.bytelm.constraint.SavedNumbers;
import io.bytelm.constraint.grammar.LeafReaders.LeafReader;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grammar's position as bytes: the nodes of the stack, node 0 the bottom, each with its calls (return state, caller);
 * then the analyses (state, node); then whether it is accepting; then, where the grammar has leaves, those that have begun
 * (state, node, length, the saved position of the leaf). Numbers take 7 bits a byte.
 */
final class SavedStack {
    private final IdentityHashMap<StackNode, Integer> numbers = new IdentityHashMap<>();
    private final List<StackNode> nodes = new ArrayList<>();

    private SavedStack() {}

    /** @param inLeaves left out where the grammar has no leaves */
    static byte[] write(int[] states, StackNode[] tops, boolean accepting, @Nullable List<LeafReader> inLeaves) {
        SavedStack stack = new SavedStack();
        for (StackNode top : tops) {
            stack.number(top);
        }
        if (inLeaves != null) {
            inLeaves.forEach(reader -> stack.number(reader.node()));
        }
        for (int i = 0; i < stack.nodes.size(); i++) {
            StackNode node = stack.nodes.get(i);
            for (int call = 0; call < node.size(); call++) {
                stack.number(node.caller(call));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SavedNumbers.put(out, stack.nodes.size());
        stack.nodes.forEach(node -> stack.putNode(out, node));
        SavedNumbers.put(out, states.length);
        for (int i = 0; i < states.length; i++) {
            SavedNumbers.put(out, states[i]);
            SavedNumbers.put(out, stack.number(tops[i]));
        }
        out.write(accepting ? 1 : 0);
        if (inLeaves != null) {
            stack.putLeaves(out, inLeaves);
        }
        return out.toByteArray();
    }

    private void putLeaves(ByteArrayOutputStream out, List<LeafReader> inLeaves) {
        SavedNumbers.put(out, inLeaves.size());
        for (LeafReader reader : inLeaves) {
            byte[] saved = reader.cursor().save();
            SavedNumbers.put(out, reader.state());
            SavedNumbers.put(out, number(reader.node()));
            SavedNumbers.put(out, saved.length);
            out.writeBytes(saved);
        }
    }

    private int number(StackNode node) {
        return numbers.computeIfAbsent(node, n -> {
            nodes.add(n);
            return nodes.size() - 1;
        });
    }

    private void putNode(ByteArrayOutputStream out, StackNode node) {
        SavedNumbers.put(out, node.size());
        for (int call = 0; call < node.size(); call++) {
            SavedNumbers.put(out, node.returnState(call));
            SavedNumbers.put(out, number(node.caller(call)));
        }
    }

    /** @throws IllegalArgumentException if the bytes are not a position of this grammar */
    static GrammarCursor read(GrammarConstraint constraint, byte[] saved) {
        try {
            ByteBuffer in = ByteBuffer.wrap(saved);
            StackNode[] nodes = readNodes(in, constraint.network());
            Analyses analyses = new Analyses();
            for (int left = SavedNumbers.get(in, saved.length); left > 0; left--) {
                int state = SavedNumbers.get(in, constraint.network().stateCount());
                analyses.add(state, nodes[SavedNumbers.get(in, nodes.length)]);
            }
            boolean accepting = SavedNumbers.get(in, 2) == 1;
            List<LeafReader> inLeaves =
                    constraint.network().hasLeaves() ? readLeaves(in, nodes, constraint.network()) : LeafReaders.NONE;
            if (in.hasRemaining()) {
                throw SavedNumbers.notAPosition();
            }
            return GrammarCursor.of(constraint, analyses, inLeaves, accepting, callsOf(nodes), new GrammarWork(0));
        } catch (BufferUnderflowException e) {
            throw SavedNumbers.notAPosition();
        }
    }

    private static List<LeafReader> readLeaves(ByteBuffer in, StackNode[] nodes, RuleNetwork network) {
        List<LeafReader> inLeaves = new ArrayList<>();
        for (int left = SavedNumbers.get(in, in.limit()); left > 0; left--) {
            int state = SavedNumbers.get(in, network.stateCount());
            StackNode node = nodes[SavedNumbers.get(in, nodes.length)];
            byte[] saved = new byte[SavedNumbers.get(in, in.remaining() + 1)];
            in.get(saved);
            inLeaves.add(new LeafReader(state, network.restoreLeaf(state, saved), node));
        }
        return inLeaves;
    }

    private static StackNode[] readNodes(ByteBuffer in, RuleNetwork network) {
        int[][] calls = new int[SavedNumbers.get(in, in.limit() + 1)][];
        StackNode[] nodes = new StackNode[calls.length];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = new int[2 * SavedNumbers.get(in, in.limit())];
            for (int k = 0; k < calls[i].length; k += 2) {
                calls[i][k] = SavedNumbers.get(in, network.stateCount());
                calls[i][k + 1] = SavedNumbers.get(in, calls.length);
            }
            nodes[i] = calls[i].length == 0 ? StackNode.bottom() : StackNode.called(RuleNetwork.CALLER_ENDS, 0);
        }
        for (int i = 0; i < calls.length; i++) {
            for (int k = 0; k < calls[i].length; k += 2) {
                nodes[i].add(calls[i][k], nodes[calls[i][k + 1]]);
            }
            nodes[i].stopGrowing();
        }
        computeFewest(nodes, network);
        return nodes;
    }

    private static int callsOf(StackNode[] nodes) {
        int calls = 0;
        for (StackNode node : nodes) {
            calls += node.size();
        }
        return calls;
    }

    /** From the last node on: callers mostly have the higher numbers. */
    private static void computeFewest(StackNode[] nodes, RuleNetwork network) {
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = nodes.length - 1; i >= 0; i--) {
                changed |= nodes[i].relax(network);
            }
        }
    }
}
