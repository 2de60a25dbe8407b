package io.bytelm.constraint.grammar;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which new nodes say the same as the nodes of their rules that were there before. Two nodes of a rule say the same if their
 * calls do, each with each, where nodes that say the same count as one; so nodes that call each other in a circle are compared
 * by assuming that all of them do and taking back what turns out false, which leaves the most that can be. Without this a
 * rule that goes on and on, such as {@code s ::= s s | "a"}, would have one more node for each byte.
 */
final class NodeReplacements {
    private record Call(int returnState, StackNode caller) {}

    private final Map<StackNode, StackNode> replacements = new HashMap<>();
    private final GrammarWork work;

    private NodeReplacements(GrammarWork work) {
        this.work = work;
    }

    /** @param before nodes of earlier positions; the latest of a rule is the one that can say the same */
    static NodeReplacements find(List<StackNode> newNodes, Iterable<StackNode> before, GrammarWork work) {
        NodeReplacements found = new NodeReplacements(work);
        Map<Integer, StackNode> latest = new HashMap<>();
        for (StackNode node : before) {
            work.tick();
            latest.merge(node.callee(), node, (a, b) -> a.generation() < b.generation() ? b : a);
        }
        for (StackNode node : newNodes) {
            StackNode candidate = latest.get(node.callee());
            if (candidate != null && candidate.size() > 0) {
                found.replacements.put(node, candidate);
            }
        }
        found.takeBackWhatIsFalse();
        return found;
    }

    private void takeBackWhatIsFalse() {
        boolean changed = !replacements.isEmpty();
        while (changed) {
            changed = replacements
                    .entrySet()
                    .removeIf(entry -> !callsOf(entry.getKey()).equals(callsOf(entry.getValue())));
        }
    }

    private Set<Call> callsOf(StackNode node) {
        work.tick(node.size());
        Set<Call> calls = new HashSet<>();
        for (int i = 0; i < node.size(); i++) {
            calls.add(new Call(node.returnState(i), of(node.caller(i))));
        }
        return calls;
    }

    boolean isEmpty() {
        return replacements.isEmpty();
    }

    boolean isReplaced(StackNode node) {
        return replacements.containsKey(node);
    }

    /** The node that says the same, or the node itself. */
    StackNode of(StackNode node) {
        StackNode other = replacements.get(node);
        return other == null ? node : other;
    }
}
