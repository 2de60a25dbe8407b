package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.Arrays;

/** Keys without a name of their own that share their set of values. Immutable. */
public final class KeyClassProgram {
    /** As many keys as one can ask for. */
    static final long UNLIMITED = Long.MAX_VALUE;

    final ByteDfa keys;
    final int value;
    private final long[] completions;
    private final boolean[] unlimitedAfterEveryByte;

    /**
     * @param keys not empty; names of their own may be among them
     * @param value index of the values
     */
    public KeyClassProgram(ByteDfa keys, int value) {
        this.keys = keys;
        this.value = value;
        this.completions = countCompletions(keys);
        this.unlimitedAfterEveryByte = new boolean[completions.length];
        for (int state = 0; state < completions.length; state++) {
            boolean unlimited = true;
            for (int b = keys.live(state).nextMember(0);
                    b >= 0;
                    b = keys.live(state).nextMember(b + 1)) {
                unlimited &= completions[keys.next(state, b)] == UNLIMITED;
            }
            unlimitedAfterEveryByte[state] = unlimited;
        }
    }

    private KeyClassProgram(KeyClassProgram that, int value) {
        this.keys = that.keys;
        this.value = value;
        this.completions = that.completions;
        this.unlimitedAfterEveryByte = that.unlimitedAfterEveryByte;
    }

    /** The same keys with other values. */
    public KeyClassProgram withValue(int other) {
        return new KeyClassProgram(this, other);
    }

    /** Whether an automaton accepts finitely many texts. */
    public static boolean isFinite(ByteDfa dfa) {
        return countCompletions(dfa)[0] != UNLIMITED;
    }

    /** The number of ways from each state to acceptance; what can go round in a circle is never settled. */
    private static long[] countCompletions(ByteDfa keys) {
        long[] counts = new long[keys.stateCount()];
        Arrays.fill(counts, UNLIMITED);
        boolean[] settled = new boolean[counts.length];
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int state = 0; state < counts.length; state++) {
                if (!settled[state] && nextAreSettled(keys, state, settled)) {
                    counts[state] = keys.accepting(state) ? 1 : 0;
                    ByteSet live = keys.live(state);
                    for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
                        counts[state] = sum(counts[state], counts[keys.next(state, b)]);
                    }
                    settled[state] = true;
                    changed = true;
                }
            }
        }
        return counts;
    }

    private static boolean nextAreSettled(ByteDfa keys, int state, boolean[] settled) {
        ByteSet live = keys.live(state);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            if (!settled[keys.next(state, b)]) {
                return false;
            }
        }
        return true;
    }

    private static long sum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? UNLIMITED : sum;
    }

    /** How many keys there are after the bytes that lead to a state. */
    long completions(int state) {
        return completions[state];
    }

    boolean unlimitedAfterEveryByte(int state) {
        return unlimitedAfterEveryByte[state];
    }

    /** How many keys of the class need {@code length} more bytes after a state. */
    long completionsOfLength(int state, int length) {
        long[] at = new long[keys.stateCount()];
        at[state] = 1;
        for (int i = 0; i < length; i++) {
            long[] next = new long[at.length];
            for (int from = 0; from < at.length; from++) {
                for (int b = at[from] == 0 ? -1 : keys.live(from).nextMember(0);
                        b >= 0;
                        b = keys.live(from).nextMember(b + 1)) {
                    next[keys.next(from, b)] = sum(next[keys.next(from, b)], at[from]);
                }
            }
            at = next;
        }
        long count = 0;
        for (int to = 0; to < at.length; to++) {
            count = keys.accepting(to) ? sum(count, at[to]) : count;
        }
        return count;
    }
}
