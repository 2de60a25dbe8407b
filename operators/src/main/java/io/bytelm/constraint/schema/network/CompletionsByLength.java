package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.automaton.ByteDfa;

/** How many texts lead from a state to acceptance, for one length after the other. Used by one thread. */
final class CompletionsByLength {
    private final ByteDfa dfa;
    private long[] ways;

    CompletionsByLength(ByteDfa dfa, int state) {
        this.dfa = dfa;
        this.ways = new long[dfa.stateCount()];
        this.ways[state] = 1;
    }

    /** About what {@link #next} takes. */
    long stepsOfNext() {
        long steps = ways.length;
        for (int state = 0; state < ways.length; state++) {
            steps += ways[state] == 0 ? 0 : 2L * dfa.live(state).size();
        }
        return steps;
    }

    /** The texts of the next length: of none at the first call, then of one byte more each time. */
    long next() {
        long count = 0;
        long[] after = new long[ways.length];
        for (int from = 0; from < ways.length; from++) {
            if (ways[from] > 0) {
                count = dfa.accepting(from) ? KeyClassProgram.sum(count, ways[from]) : count;
                addNext(from, after);
            }
        }
        ways = after;
        return count;
    }

    private void addNext(int from, long[] after) {
        for (int b = dfa.live(from).nextMember(0); b >= 0; b = dfa.live(from).nextMember(b + 1)) {
            int to = dfa.next(from, b);
            after[to] = KeyClassProgram.sum(after[to], ways[from]);
        }
    }
}
