package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.Nfa;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Strings of a language with a limited number of code points: the automaton beside a counter. Used by one thread. */
public final class Lengths {
    /** @param escape bytes of the escape that are still to come, as far as is known: 1 after a backslash */
    private record State(int text, int count, int escape) {}

    private static final int STATE_BYTES = 120;
    private static final int STEPS_PER_BYTE = 4;

    private final ByteDfa texts;
    private final int min;
    private final int max;
    private final Nfa nfa;
    private final Map<State, Integer> numbers = new HashMap<>();
    private final Deque<State> open = new ArrayDeque<>();

    private Lengths(ByteDfa texts, int min, int max, CompileBudget budget) {
        this.texts = texts;
        this.min = min;
        this.max = max;
        this.nfa = new Nfa(budget);
    }

    /** @param max {@link Integer#MAX_VALUE} for no limit */
    public static ByteDfa limit(ByteDfa texts, int min, int max, CompileBudget budget) {
        Lengths lengths = new Lengths(texts, min, max, budget);
        lengths.build();
        return ByteDfa.of(lengths.nfa, budget);
    }

    private void build() {
        nfa.addEmptyEdge(nfa.start(), number(new State(0, 0, 0)));
        while (!open.isEmpty()) {
            State from = open.remove();
            int number = number(from);
            if (texts.accepting(from.text) && from.count >= min) {
                nfa.addEmptyEdge(number, nfa.end());
            }
            addEdges(from, number);
        }
    }

    private void addEdges(State from, int number) {
        for (int first = texts.live(from.text).nextMember(0); first >= 0; ) {
            State to = next(from, first);
            int past = first + 1;
            while (past < 256
                    && texts.live(from.text).contains(past)
                    && next(from, past).equals(to)) {
                past++;
            }
            if (to.count <= max) {
                nfa.addEdge(number, first, past - 1, number(to));
            }
            first = texts.live(from.text).nextMember(past);
        }
    }

    private State next(State from, int b) {
        int text = texts.next(from.text, b);
        if (from.escape > 0) {
            return new State(
                    text, from.count, from.escape == 1 ? (b == 'u' ? 5 : 0) : from.escape == 2 ? 0 : from.escape - 1);
        }
        boolean begins = (b & 0xC0) != 0x80;
        int cap = max == Integer.MAX_VALUE ? min : Integer.MAX_VALUE;
        return new State(text, begins ? Math.min(cap, from.count + 1) : from.count, b == '\\' ? 1 : 0);
    }

    private int number(State state) {
        Integer known = numbers.get(state);
        if (known != null) {
            return known;
        }
        nfa.budget().chargeMemory(STATE_BYTES);
        nfa.budget().tick(STEPS_PER_BYTE * texts.live(state.text).size());
        int number = nfa.addState();
        numbers.put(state, number);
        open.add(state);
        return number;
    }
}
