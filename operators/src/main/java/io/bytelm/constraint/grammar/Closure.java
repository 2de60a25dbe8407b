package io.bytelm.constraint.grammar;

import java.util.ArrayList;
import java.util.List;

/** Everything that can be before the next byte: follows calls and ends of rules until only bytes are left. */
final class Closure {
    private final RuleNetwork network;
    private final Analyses analyses = new Analyses();
    private final List<StackNode> newNodes = new ArrayList<>(2);
    private boolean accepting;

    Closure(RuleNetwork network) {
        this.network = network;
    }

    void add(int state, StackNode node) {
        analyses.add(state, node);
    }

    GrammarCursor close(GrammarConstraint constraint) {
        for (int i = 0; i < analyses.size(); i++) {
            int state = analyses.state(i);
            if (network.ends(state)) {
                end(analyses.node(i));
            }
            for (int call = 0; call < network.callees(state).length; call++) {
                call(state, call, analyses.node(i));
            }
        }
        computeFewest();
        return GrammarCursor.of(constraint, readers(), accepting);
    }

    private void end(StackNode node) {
        accepting |= node.isBottom();
        if (newNodes.contains(node)) {
            node.markEnded();
        }
        for (int i = 0; i < node.size(); i++) {
            analyses.add(node.returnState(i), node.caller(i));
        }
    }

    private void call(int state, int call, StackNode caller) {
        int callee = network.callees(state)[call];
        int returnState = network.returns(state)[call];
        if (returnState == RuleNetwork.CALLER_ENDS) {
            analyses.add(callee, caller);
            return;
        }
        StackNode node = nodeOf(callee);
        if (node.add(returnState, caller) && node.ended()) {
            analyses.add(returnState, caller);
        }
        analyses.add(callee, node);
    }

    /** The one node of this position for a rule. */
    private StackNode nodeOf(int callee) {
        for (StackNode node : newNodes) {
            if (node.callee() == callee) {
                return node;
            }
        }
        StackNode node = StackNode.called(callee);
        newNodes.add(node);
        return node;
    }

    private void computeFewest() {
        for (boolean changed = true; changed; ) {
            changed = false;
            for (StackNode node : newNodes) {
                changed |= node.relax(network);
            }
        }
        newNodes.forEach(node -> node.forgetTheWorst(network));
    }

    /** The analyses that read bytes. */
    private Analyses readers() {
        Analyses readers = new Analyses();
        for (int i = 0; i < analyses.size(); i++) {
            if (!network.live(analyses.state(i)).isEmpty()) {
                readers.add(analyses.state(i), analyses.node(i));
            }
        }
        return readers;
    }
}
