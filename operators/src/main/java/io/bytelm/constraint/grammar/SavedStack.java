package io.bytelm.constraint.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * A grammar's position as bytes: the nodes of the stack, node 0 the bottom, each with its calls (return state, caller);
 * then the analyses (state, node); then whether it is accepting. Numbers take 7 bits a byte.
 */
final class SavedStack {
    private final IdentityHashMap<StackNode, Integer> numbers = new IdentityHashMap<>();
    private final List<StackNode> nodes = new ArrayList<>();

    private SavedStack() {}

    static byte[] write(int[] states, StackNode[] tops, boolean accepting) {
        SavedStack stack = new SavedStack();
        for (StackNode top : tops) {
            stack.number(top);
        }
        for (int i = 0; i < stack.nodes.size(); i++) {
            StackNode node = stack.nodes.get(i);
            for (int call = 0; call < node.size(); call++) {
                stack.number(node.caller(call));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        putNumber(out, stack.nodes.size());
        stack.nodes.forEach(node -> stack.putNode(out, node));
        putNumber(out, states.length);
        for (int i = 0; i < states.length; i++) {
            putNumber(out, states[i]);
            putNumber(out, stack.number(tops[i]));
        }
        out.write(accepting ? 1 : 0);
        return out.toByteArray();
    }

    private int number(StackNode node) {
        return numbers.computeIfAbsent(node, n -> {
            nodes.add(n);
            return nodes.size() - 1;
        });
    }

    private void putNode(ByteArrayOutputStream out, StackNode node) {
        putNumber(out, node.size());
        for (int call = 0; call < node.size(); call++) {
            putNumber(out, node.returnState(call));
            putNumber(out, number(node.caller(call)));
        }
    }

    private static void putNumber(ByteArrayOutputStream out, int number) {
        int rest = number;
        while (rest > 0x7F) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** @throws IllegalArgumentException if the bytes are not a position of this grammar */
    static GrammarCursor read(GrammarConstraint constraint, byte[] saved) {
        try {
            ByteBuffer in = ByteBuffer.wrap(saved);
            StackNode[] nodes = readNodes(in, constraint.network());
            Analyses analyses = new Analyses();
            for (int left = getNumber(in, saved.length); left > 0; left--) {
                int state = getNumber(in, constraint.network().stateCount());
                analyses.add(state, nodes[getNumber(in, nodes.length)]);
            }
            boolean accepting = getNumber(in, 2) == 1;
            if (in.hasRemaining()) {
                throw notAPosition();
            }
            return GrammarCursor.of(constraint, analyses, accepting, callsOf(nodes), 0);
        } catch (BufferUnderflowException e) {
            throw notAPosition();
        }
    }

    private static StackNode[] readNodes(ByteBuffer in, RuleNetwork network) {
        int[][] calls = new int[getNumber(in, in.limit() + 1)][];
        StackNode[] nodes = new StackNode[calls.length];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = new int[2 * getNumber(in, in.limit())];
            for (int k = 0; k < calls[i].length; k += 2) {
                calls[i][k] = getNumber(in, network.stateCount());
                calls[i][k + 1] = getNumber(in, calls.length);
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

    private static int getNumber(ByteBuffer in, int limit) {
        int number = 0;
        int shift = 0;
        int b;
        do {
            b = in.get();
            number |= (b & 0x7F) << shift;
            shift += 7;
        } while (b < 0 && shift < 28);
        if (b < 0 || number >= limit) {
            throw notAPosition();
        }
        return number;
    }

    private static IllegalArgumentException notAPosition() {
        return new IllegalArgumentException("the saved bytes are not a position of this constraint");
    }
}
