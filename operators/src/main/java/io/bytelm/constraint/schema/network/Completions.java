package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.Arrays;

/** The number of ways from each state of an automaton to acceptance, from the last states backwards. */
final class Completions {
    private static final int STEPS_PER_EDGE = 3;

    private final ByteDfa dfa;
    private final int[] firstInto;
    private final int[] into;
    private final int[] pending;

    private Completions(ByteDfa dfa, int edges) {
        this.dfa = dfa;
        this.firstInto = new int[dfa.stateCount() + 1];
        this.into = new int[edges];
        this.pending = new int[dfa.stateCount()];
    }

    /** {@code [states]}: {@link KeyClassProgram#UNLIMITED} where a circle can be reached. */
    static long[] count(ByteDfa dfa, CompileBudget budget) {
        long edges = 0;
        for (int state = 0; state < dfa.stateCount(); state++) {
            edges += dfa.live(state).size();
        }
        budget.tick(STEPS_PER_EDGE * edges + dfa.stateCount());
        budget.requireMemory(4 * edges + 24L * dfa.stateCount());
        return new Completions(dfa, (int) edges).count();
    }

    private long[] count() {
        linkBackwards();
        long[] counts = new long[pending.length];
        Arrays.fill(counts, KeyClassProgram.UNLIMITED);
        int[] settled = new int[pending.length];
        int size = 0;
        for (int state = 0; state < pending.length; state++) {
            if (pending[state] == 0) {
                settled[size++] = state;
            }
        }
        for (int done = 0; done < size; done++) {
            int state = settled[done];
            counts[state] = sumOfNext(state, counts);
            for (int i = firstInto[state]; i < firstInto[state + 1]; i++) {
                if (--pending[into[i]] == 0) {
                    settled[size++] = into[i];
                }
            }
        }
        return counts;
    }

    private void linkBackwards() {
        for (int state = 0; state < pending.length; state++) {
            ByteSet live = dfa.live(state);
            pending[state] = live.size();
            for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
                firstInto[dfa.next(state, b) + 1]++;
            }
        }
        for (int state = 0; state < pending.length; state++) {
            firstInto[state + 1] += firstInto[state];
        }
        int[] fill = firstInto.clone();
        for (int state = 0; state < pending.length; state++) {
            ByteSet live = dfa.live(state);
            for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
                into[fill[dfa.next(state, b)]++] = state;
            }
        }
    }

    private long sumOfNext(int state, long[] counts) {
        long sum = dfa.accepting(state) ? 1 : 0;
        ByteSet live = dfa.live(state);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            sum = KeyClassProgram.sum(sum, counts[dfa.next(state, b)]);
        }
        return sum;
    }
}
