package io.bytelm.constraint.grammar;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.grammar.LeafReaders.LeafReader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All analyses of the text so far that can go on with a byte. */
final class GrammarCursor implements Cursor {
    private final GrammarConstraint constraint;
    private final int[] states;
    private final StackNode[] nodes;
    /** Those that are inside a leaf. */
    private final List<LeafReader> inLeaves;

    private final boolean accepting;
    /** At least the calls that this position holds: those made since they were counted last, and that count. */
    private final int calls;
    /** What the text has taken since its position was saved last, see {@link GrammarWork}. */
    private final int steps;

    private final int stepsOfByte;
    private final ByteSet live;
    private final RestsByState rests;

    private GrammarCursor(
            GrammarConstraint constraint,
            int[] states,
            StackNode[] nodes,
            List<LeafReader> inLeaves,
            boolean accepting,
            int calls,
            int steps,
            int stepsOfByte,
            ByteSet live) {
        this.constraint = constraint;
        this.states = states;
        this.nodes = nodes;
        this.inLeaves = inLeaves;
        this.accepting = accepting;
        this.calls = calls;
        this.steps = steps;
        this.stepsOfByte = stepsOfByte;
        this.live = live;
        this.rests = RestsByState.of(states, nodes);
    }

    /** @throws io.bytelm.constraint.ConstraintException if it holds more than {@link GrammarWork} allows */
    static GrammarCursor of(
            GrammarConstraint constraint,
            Analyses analyses,
            List<LeafReader> inLeaves,
            boolean accepting,
            int calls,
            GrammarWork work) {
        int[] states = new int[analyses.size()];
        StackNode[] nodes = new StackNode[analyses.size()];
        ByteSet live = ByteSet.NONE;
        for (int i = 0; i < states.length; i++) {
            states[i] = analyses.state(i);
            nodes[i] = analyses.node(i);
            live = live.or(constraint.network().live(states[i]));
        }
        for (LeafReader reader : inLeaves) {
            live = live.or(reader.cursor().live());
        }
        int held = calls > GrammarWork.MOST_CALLS_HELD ? HeldCalls.count(nodes, inLeaves) : calls;
        return new GrammarCursor(
                constraint, states, nodes, inLeaves, accepting, held, work.stepsOfText(), work.stepsOfByte(), live);
    }

    @Override
    public @Nullable Cursor step(int nextByte) {
        if (!live.contains(nextByte)) {
            return null;
        }
        RuleNetwork network = constraint.network();
        if (states.length == 1 && inLeaves.isEmpty()) {
            int next = network.next(states[0], nextByte);
            if (network.readsOnly(next)) {
                return new GrammarCursor(
                        constraint,
                        new int[] {next},
                        nodes,
                        LeafReaders.NONE,
                        false,
                        calls,
                        steps,
                        1,
                        network.live(next));
            }
        }
        if (states.length == 0 && inLeaves.size() == 1) {
            LeafReader next = stepped(inLeaves.get(0), nextByte);
            if (next != null && !next.cursor().accepting()) {
                ByteSet after = next.cursor().live();
                return new GrammarCursor(constraint, states, nodes, List.of(next), false, calls, steps, 1, after);
            }
        }
        return closed(nextByte);
    }

    private static @Nullable LeafReader stepped(LeafReader reader, int nextByte) {
        Cursor next = reader.cursor().step(nextByte);
        return next == null ? null : new LeafReader(reader.state(), next, reader.node());
    }

    private List<StackNode> allNodes() {
        if (inLeaves.isEmpty()) {
            return Arrays.asList(nodes);
        }
        return Stream.concat(Arrays.stream(nodes), inLeaves.stream().map(LeafReader::node))
                .toList();
    }

    private Cursor closed(int nextByte) {
        RuleNetwork network = constraint.network();
        Closure closure = new Closure(network, allNodes(), steps);
        for (int i = 0; i < states.length; i++) {
            int next = network.next(states[i], nextByte);
            if (next >= 0) {
                closure.add(next, nodes[i]);
            }
        }
        for (LeafReader reader : inLeaves) {
            LeafReader next = stepped(reader, nextByte);
            if (next != null) {
                closure.add(next);
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
        if (rests.size() == 1 && inLeaves.isEmpty()) {
            return constraint.network().live(rests.state(0), bytesLeft - rests.fewest(0));
        }
        long[] words = new long[4];
        for (int i = 0; i < rests.size(); i++) {
            constraint
                    .network()
                    .live(rests.state(i), bytesLeft - rests.fewest(i))
                    .addTo(words);
        }
        for (LeafReader reader : inLeaves) {
            reader.live(bytesLeft).addTo(words);
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
        for (LeafReader reader : inLeaves) {
            fewest = Math.min(fewest, reader.fewest());
        }
        return fewest;
    }

    @Override
    public int stepsTaken() {
        return stepsOfByte;
    }

    @Override
    public byte[] save() {
        return SavedStack.write(states, nodes, accepting, constraint.network().hasLeaves() ? inLeaves : null);
    }

    @Override
    public String toString() {
        return Arrays.toString(states);
    }
}
