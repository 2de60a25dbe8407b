package io.bytelm.constraint.grammar;

import io.bytelm.constraint.grammar.LeafReaders.LeafReader;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Counts what a position holds: the calls of all nodes that its analyses can return to. */
final class HeldCalls {
    private HeldCalls() {}

    /** @throws io.bytelm.constraint.ConstraintException if there are more than half of what is allowed, so that it is rarely asked */
    static int count(StackNode[] tops, List<LeafReader> inLeaves) {
        Set<StackNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<StackNode> open = new ArrayDeque<>();
        for (StackNode top : tops) {
            if (seen.add(top)) {
                open.push(top);
            }
        }
        for (LeafReader reader : inLeaves) {
            if (seen.add(reader.node())) {
                open.push(reader.node());
            }
        }
        int calls = 0;
        while (!open.isEmpty()) {
            StackNode node = open.pop();
            calls += node.size();
            if (calls > GrammarWork.MOST_CALLS_HELD / 2) {
                throw GrammarWork.tooAmbiguous(GrammarWork.MOST_CALLS_HELD / 2 + " calls at one position");
            }
            for (int i = 0; i < node.size(); i++) {
                if (seen.add(node.caller(i))) {
                    open.push(node.caller(i));
                }
            }
        }
        return calls;
    }
}
