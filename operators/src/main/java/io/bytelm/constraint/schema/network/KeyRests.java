package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import org.jspecify.annotations.Nullable;

/**
 * How many keys of an automaton there are of each length after the bytes that lead to a state, worked out when it is first
 * asked for. Any thread may use it: what is kept is immutable, so a race works it out twice at worst.
 */
final class KeyRests {
    private static final int FIRST_LENGTHS = 2;
    private static final int MOST_LENGTHS = 16;

    /** @param ofLength {@code [length]} */
    private record Counts(long[] ofLength) {}

    /** @param taken so many keys, or fewer, may be taken */
    private record Most(int taken, int bytes) {}

    private final ByteDfa keys;
    private final @Nullable Counts[] counts;
    private final @Nullable Most[] most;

    KeyRests(ByteDfa keys) {
        this.keys = keys;
        this.counts = new Counts[keys.stateCount()];
        this.most = new Most[keys.stateCount()];
    }

    long count(int state, int length) {
        Counts known = counts[state];
        if (known == null || known.ofLength.length <= length) {
            known = counted(state, Math.max(length + 1, 2 * (known == null ? 0 : known.ofLength.length)));
            counts[state] = known;
        }
        return known.ofLength[length];
    }

    private Counts counted(int state, int lengths) {
        CompletionsByLength counter = new CompletionsByLength(keys, state);
        long[] ofLength = new long[Math.max(lengths, keys.fewestBytesToAccept(state) + FIRST_LENGTHS)];
        for (int length = 0; length < ofLength.length; length++) {
            ofLength[length] = counter.next();
        }
        return new Counts(ofLength);
    }

    /** At least the bytes of the shortest rest after any live byte if so many keys may not come again; very many if unknown. */
    int mostAfterAnyByte(int state, int taken) {
        Most known = most[state];
        if (known == null || known.taken < taken) {
            int atLeast = 2 * Integer.highestOneBit(taken) - 1;
            known = new Most(atLeast, computeMost(state, atLeast));
            most[state] = known;
        }
        return known.bytes;
    }

    private int computeMost(int state, int taken) {
        int bytes = 0;
        ByteSet live = keys.live(state);
        int last = ByteDfa.DEAD;
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            int next = keys.next(state, b);
            bytes = next == last ? bytes : Math.max(bytes, lengthOfMoreThan(next, taken));
            last = next;
        }
        return bytes;
    }

    /** The length up to which there are more keys than these. */
    private int lengthOfMoreThan(int state, int taken) {
        int fewest = keys.fewestBytesToAccept(state);
        long sum = 0;
        for (int length = fewest; length < fewest + MOST_LENGTHS; length++) {
            sum = KeyClassProgram.sum(sum, count(state, length));
            if (sum > taken) {
                return length;
            }
        }
        return Cursor.VERY_MANY_BYTES;
    }
}
