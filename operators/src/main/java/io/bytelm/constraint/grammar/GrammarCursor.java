package io.bytelm.constraint.grammar;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All analyses of the text so far that can go on with a byte. */
final class GrammarCursor implements Cursor {
    private final GrammarConstraint constraint;
    private final int[] states;
    private final StackNode[] nodes;
    private final boolean accepting;
    /** At least the calls that this position holds: those made since they were counted last, and that count. */
    private final int calls;
    /** What the text has taken since its position was saved last, see {@link GrammarWork}. */
    private final int steps;

    private final ByteSet live;
    private final RestsByState rests;

    private GrammarCursor(
            GrammarConstraint constraint,
            int[] states,
            StackNode[] nodes,
            boolean accepting,
            int calls,
            int steps,
            ByteSet live) {
        this.constraint = constraint;
        this.states = states;
        this.nodes = nodes;
        this.accepting = accepting;
        this.calls = calls;
        this.steps = steps;
        this.live = live;
        this.rests = RestsByState.of(states, nodes);
    }

    /** @throws io.bytelm.constraint.ConstraintException if it holds more than {@link GrammarWork} allows */
    static GrammarCursor of(GrammarConstraint constraint, Analyses analyses, boolean accepting, int calls, int steps) {
        int[] states = new int[analyses.size()];
        StackNode[] nodes = new StackNode[analyses.size()];
        ByteSet live = ByteSet.NONE;
        for (int i = 0; i < states.length; i++) {
            states[i] = analyses.state(i);
            nodes[i] = analyses.node(i);
            live = live.or(constraint.network().live(states[i]));
        }
        int held = calls > GrammarWork.MOST_CALLS_HELD ? HeldCalls.count(nodes) : calls;
        return new GrammarCursor(constraint, states, nodes, accepting, held, steps, live);
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
                return new GrammarCursor(constraint, new int[] {next}, nodes, false, calls, steps, network.live(next));
            }
        }
        Closure closure = new Closure(network, Arrays.asList(nodes), steps);
        for (int i = 0; i < states.length; i++) {
            int next = network.next(states[i], nextByte);
            if (next >= 0) {
                closure.add(next, nodes[i]);
            }
        }
        return closure.close(constraint, calls);
    }

    @Override
    public ByteSet live() {
        return live;
    }

    @Override
    public ByteSet live(int bytesLeft) {
        if (rests.size() == 1) {
            return constraint.network().live(rests.state(0), bytesLeft - rests.fewest(0));
        }
        long[] words = new long[4];
        for (int i = 0; i < rests.size(); i++) {
            constraint
                    .network()
                    .live(rests.state(i), bytesLeft - rests.fewest(i))
                    .addTo(words);
        }
        return ByteSet.ofWords(words);
    }

    @Override
    public boolean accepting() {
        return accepting;
    }

    @Override
    public int fewestBytesToAccept() {
        int fewest = accepting ? 0 : VERY_MANY_BYTES;
        for (int i = 0; i < rests.size(); i++) {
            int bytes = constraint.network().fewest(rests.state(i));
            fewest = Math.min(fewest, RuleNetwork.plus(bytes, rests.fewest(i)));
        }
        return fewest;
    }

    @Override
    public byte[] save() {
        return SavedStack.write(states, nodes, accepting);
    }

    @Override
    public String toString() {
        return Arrays.toString(states);
    }
}
