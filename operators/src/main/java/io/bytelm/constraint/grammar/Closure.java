package io.bytelm.constraint.grammar;

import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.grammar.LeafReaders.LeafReader;
import java.util.List;

/** Everything that can be before the next byte: follows calls and ends of rules until only bytes are left. Used once. */
final class Closure {
    private final RuleNetwork network;
    private final GrammarWork work;
    private final Analyses analyses = new Analyses();
    private final LeafReaders inLeaves;
    private final List<StackNode> before;
    private final NewNodes newNodes;
    private boolean accepting;

    /**
     * @param before nodes of the position before, which may be used again
     * @param stepsBefore what the text has taken up to there
     */
    Closure(RuleNetwork network, List<StackNode> before, int stepsBefore) {
        this.network = network;
        this.work = new GrammarWork(stepsBefore);
        this.inLeaves = new LeafReaders(work);
        this.before = before;
        this.newNodes = new NewNodes(
                1 + before.stream().mapToInt(StackNode::generation).max().orElse(0));
    }

    void add(int state, StackNode node) {
        work.tick();
        analyses.add(state, node);
    }

    /** Adds a leaf that has read one byte more; where it may end, what it returns to follows. */
    void add(LeafReader reader) {
        if (reader.cursor().accepting()) {
            end(reader.node());
        }
        if (!reader.cursor().live().isEmpty()) {
            inLeaves.add(reader);
        }
    }

    /**
     * The position that the added analyses lead to.
     *
     * @param callsBefore calls made up to there
     * @throws io.bytelm.constraint.ConstraintException if there are more ways than {@link GrammarWork} allows
     */
    GrammarCursor close(GrammarConstraint constraint, int callsBefore) {
        for (int i = 0; i < analyses.size(); i++) {
            int state = analyses.state(i);
            if (network.ends(state)) {
                end(analyses.node(i));
            }
            for (int call = 0; call < network.callees(state).length; call++) {
                call(state, call, analyses.node(i));
            }
        }
        NodeReplacements replacements = NodeReplacements.find(newNodes.all(), before, work);
        Analyses readers = readers(replacements);
        beginLeaves(replacements);
        int calls = callsBefore;
        for (StackNode node : newNodes.all()) {
            calls += replacements.isReplaced(node) ? 0 : node.size();
            if (!replacements.isEmpty()) {
                node.replaceCallers(replacements);
            }
            node.stopGrowing();
        }
        computeFewest();
        return GrammarCursor.of(constraint, readers, inLeaves.all(), accepting, calls, work);
    }

    private void end(StackNode node) {
        accepting |= node.isBottom();
        if (node.isGrowing()) {
            node.markEnded();
        }
        work.tick(node.size());
        for (int i = 0; i < node.size(); i++) {
            analyses.add(node.returnState(i), node.caller(i));
        }
    }

    private void call(int state, int call, StackNode caller) {
        work.tick();
        int callee = network.callees(state)[call];
        int returnState = network.returns(state)[call];
        if (returnState == RuleNetwork.CALLER_ENDS) {
            analyses.add(callee, caller);
            return;
        }
        StackNode node = newNodes.of(callee);
        if (newNodes.addCall(node, returnState, caller) && node.ended()) {
            analyses.add(returnState, caller);
        }
        analyses.add(callee, node);
    }

    private void computeFewest() {
        for (boolean changed = true; changed; ) {
            changed = false;
            for (StackNode node : newNodes.all()) {
                work.tick(node.size());
                changed |= node.relax(network);
            }
        }
    }

    private void beginLeaves(NodeReplacements replacements) {
        for (int i = 0; i < analyses.size(); i++) {
            Cursor start = network.leafStart(analyses.state(i));
            if (start != null && !start.live().isEmpty()) {
                inLeaves.add(new LeafReader(analyses.state(i), start, replacements.of(analyses.node(i))));
            }
        }
    }

    /** The analyses that read bytes. */
    private Analyses readers(NodeReplacements replacements) {
        Analyses readers = new Analyses();
        for (int i = 0; i < analyses.size(); i++) {
            if (!network.live(analyses.state(i)).isEmpty()) {
                readers.add(analyses.state(i), replacements.of(analyses.node(i)));
            }
        }
        return readers;
    }
}
