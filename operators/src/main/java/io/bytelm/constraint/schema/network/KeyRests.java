package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many keys of an automaton there are of each length after the bytes that lead to a state, worked out when it is first
 * asked for. Any thread may use it: what is kept is immutable, so a race works it out twice at worst.
 */
final class KeyRests {
    private static final int MOST_LENGTHS = 16;

    /** @param ofLength {@code [length]}, from the shortest one on */
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
        int shortest = keys.fewestBytesToAccept(state);
        if (length < shortest) {
            return 0;
        }
        int longer = length - shortest;
        Counts known = counts[state];
        if (known == null || known.ofLength.length <= longer) {
            known = counted(state, longer + 1, known);
            counts[state] = known;
        }
        return known.ofLength[longer];
    }

    private Counts counted(int state, int lengths, @Nullable Counts known) {
        int before = known == null ? 0 : known.ofLength.length;
        long[] ofLength = known == null ? new long[lengths] : Arrays.copyOf(known.ofLength, lengths);
        for (int longer = before; longer < lengths; longer++) {
            ofLength[longer] = CompletionsOfLength.count(keys, state, keys.fewestBytesToAccept(state) + longer);
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
