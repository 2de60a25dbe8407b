package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.automaton.ByteDfa;

/**
 * How many texts of one length lead from a state to acceptance. Only states are followed from which a text can still end in time, so
 * that for lengths near the shortest one most of a large automaton is never looked at. Used once, by one thread.
 */
final class CompletionsOfLength {
    private final ByteDfa dfa;
    /** {@code [states]}: 0 for those that are not reached. */
    private long[] ways;

    private long[] waysAfter;
    private int[] reached;
    private int[] reachedAfter;
    private int count;

    private CompletionsOfLength(ByteDfa dfa) {
        this.dfa = dfa;
        this.ways = new long[dfa.stateCount()];
        this.waysAfter = new long[dfa.stateCount()];
        this.reached = new int[dfa.stateCount()];
        this.reachedAfter = new int[dfa.stateCount()];
    }

    /** At most {@link KeyClassProgram#UNLIMITED}. */
    static long count(ByteDfa dfa, int state, int length) {
        if (length < dfa.fewestBytesToAccept(state)) {
            return 0;
        }
        if (length == 0) {
            return 1;
        }
        return new CompletionsOfLength(dfa).from(state, length);
    }

    private long from(int state, int length) {
        ways[state] = 1;
        reached[count++] = state;
        for (int left = length; left > 0; left--) {
            readOneByte(left);
        }
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum = KeyClassProgram.sum(sum, ways[reached[i]]);
        }
        return sum;
    }

    private void readOneByte(int left) {
        int next = 0;
        for (int i = 0; i < count; i++) {
            int from = reached[i];
            ByteSet live = dfa.live(from, left);
            for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
                int to = dfa.next(from, b);
                if (waysAfter[to] == 0) {
                    reachedAfter[next++] = to;
                }
                waysAfter[to] = KeyClassProgram.sum(waysAfter[to], ways[from]);
            }
            ways[from] = 0;
        }
        long[] read = ways;
        ways = waysAfter;
        waysAfter = read;
        int[] before = reached;
        reached = reachedAfter;
        reachedAfter = before;
        count = next;
    }
}
