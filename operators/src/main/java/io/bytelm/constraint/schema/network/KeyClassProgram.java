package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.Arrays;

/** Keys without a name of their own that share their set of values. Immutable. */
public final class KeyClassProgram {
    /** As many keys as one can ask for. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private static final int STATE_BYTES = 40;
    private static final int INITIAL_LENGTHS = 16;

    final ByteDfa keys;
    final int value;
    private final long[] completions;
    private final boolean[] unlimitedAfterEveryByte;
    private final KeyRests rests;

    /**
     * @param keys not empty; names of their own may be among them
     * @param value index of the values
     */
    public KeyClassProgram(ByteDfa keys, int value, CompileBudget budget) {
        budget.chargeMemory(STATE_BYTES * (long) keys.stateCount());
        this.keys = keys;
        this.value = value;
        this.completions = Completions.count(keys, budget);
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
        this.rests = new KeyRests(keys);
    }

    private KeyClassProgram(KeyClassProgram that, int value) {
        this.keys = that.keys;
        this.value = value;
        this.completions = that.completions;
        this.unlimitedAfterEveryByte = that.unlimitedAfterEveryByte;
        this.rests = that.rests;
    }

    /** The same keys with other values. */
    public KeyClassProgram withValue(int other) {
        return new KeyClassProgram(this, other);
    }

    /** Whether an automaton accepts finitely many texts. */
    public static boolean isFinite(ByteDfa dfa, CompileBudget budget) {
        return Completions.count(dfa, budget)[0] != UNLIMITED;
    }

    /** At most {@link #UNLIMITED}. */
    static long sum(long a, long b) {
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

    /** How many keys there are of so many more bytes after those that lead to a state. */
    long countOfLength(int state, int length) {
        return rests.count(state, length);
    }

    /** At least the bytes that are left of the shortest key after any byte where so many keys are taken; very many if unknown. */
    int mostOfRestAfterAnyByte(int state, int taken) {
        return unlimitedAfterEveryByte[state] ? rests.mostAfterAnyByte(state, taken) : Cursor.VERY_MANY_BYTES;
    }

    /** How many keys there are of each length, from 0 on, up to a length by which there are enough of them. */
    long[] countByLength(long enough, CompileBudget budget) {
        CompletionsByLength counter = new CompletionsByLength(keys, 0);
        long wanted = Math.min(enough, completions[0]);
        long found = 0;
        long[] counts = new long[INITIAL_LENGTHS];
        int lengths = 0;
        while (found < wanted) {
            if (lengths == counts.length) {
                budget.chargeMemory(Long.BYTES * (long) lengths);
                counts = Arrays.copyOf(counts, 2 * lengths);
            }
            budget.tick(counter.stepsOfNext());
            counts[lengths] = counter.next();
            found = sum(found, counts[lengths++]);
        }
        return Arrays.copyOf(counts, lengths);
    }
}
