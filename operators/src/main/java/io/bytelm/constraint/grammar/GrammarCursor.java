package io.bytelm.constraint.grammar;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import org.jspecify.annotations.Nullable;

/** All analyses of the text so far that can go on with a byte. */
final class GrammarCursor implements Cursor {
    /** More analyses than this are not followed, but for those that take the fewest bytes. */
    private static final int MOST_ANALYSES = 64;

    private final GrammarConstraint constraint;
    private final int[] states;
    private final StackNode[] nodes;
    private final boolean accepting;
    private final ByteSet live;

    private GrammarCursor(
            GrammarConstraint constraint, int[] states, StackNode[] nodes, boolean accepting, ByteSet live) {
        this.constraint = constraint;
        this.states = states;
        this.nodes = nodes;
        this.accepting = accepting;
        this.live = live;
    }

    static GrammarCursor of(GrammarConstraint constraint, Analyses analyses, boolean accepting) {
        RuleNetwork network = constraint.network();
        int[] kept = Best.of(
                analyses.size(),
                MOST_ANALYSES,
                i -> RuleNetwork.plus(
                        network.fewest(analyses.state(i)), analyses.node(i).fewest()));
        int[] states = new int[kept.length];
        StackNode[] nodes = new StackNode[kept.length];
        ByteSet live = ByteSet.NONE;
        for (int i = 0; i < kept.length; i++) {
            states[i] = analyses.state(kept[i]);
            nodes[i] = analyses.node(kept[i]);
            live = live.or(network.live(states[i]));
        }
        return new GrammarCursor(constraint, states, nodes, accepting, live);
    }

    @Override
    public @Nullable Cursor step(int nextByte) {
        if (!live.contains(nextByte)) {
            return null;
        }
        RuleNetwork network = constraint.network();
        if (states.length == 1) {
            int next = network.next(states[0], nextByte);
            if (network.readsOnly(next)) {
                return new GrammarCursor(constraint, new int[] {next}, nodes, false, network.live(next));
            }
        }
        Closure closure = new Closure(network);
        for (int i = 0; i < states.length; i++) {
            int next = network.next(states[i], nextByte);
            if (next >= 0) {
                closure.add(next, nodes[i]);
            }
        }
        return closure.close(constraint);
    }

    @Override
    public ByteSet live() {
        return live;
    }

    @Override
    public ByteSet live(int bytesLeft) {
        for (int i = 0; i < states.length; i++) {
            int worst = constraint.network().fewestAfterWorstByte(states[i]);
            if (RuleNetwork.plus(worst, nodes[i].fewest()) >= bytesLeft) {
                return live.retain(b -> fewestAfter(b) < bytesLeft);
            }
        }
        return live;
    }

    private int fewestAfter(int nextByte) {
        int fewest = VERY_MANY_BYTES;
        for (int i = 0; i < states.length; i++) {
            int next = constraint.network().next(states[i], nextByte);
            if (next >= 0) {
                int bytes = constraint.network().fewest(next);
                fewest = Math.min(fewest, RuleNetwork.plus(bytes, nodes[i].fewest()));
            }
        }
        return fewest;
    }

    @Override
    public boolean accepting() {
        return accepting;
    }

    @Override
    public int fewestBytesToAccept() {
        int fewest = accepting ? 0 : VERY_MANY_BYTES;
        for (int i = 0; i < states.length; i++) {
            int bytes = constraint.network().fewest(states[i]);
            fewest = Math.min(fewest, RuleNetwork.plus(bytes, nodes[i].fewest()));
        }
        return fewest;
    }

    @Override
    public byte[] save() {
        return SavedStack.write(states, nodes, accepting);
    }
}
