package io.bytelm.constraint.automaton;

import io.bytelm.constraint.ByteSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * The bytes that may come in a state, by how many more it takes after them at least. Immutable.
 *
 * @param fewest the numbers of bytes after them, ascending, each once
 * @param upTo for each number the bytes after which there are at most so many
 */
public record BytesByRest(int[] fewest, ByteSet[] upTo) {
    private static final int BYTES = 256;
    private static final int FIXED_BYTES = 80;
    /** A number, a reference, and a set with its four words. */
    private static final int BYTES_PER_NUMBER = 60;

    /** @param fewestAfter for each byte the fewest bytes after it; negative for a byte that may not come */
    public static BytesByRest ofBytes(IntUnaryOperator fewestAfter) {
        return of(BYTES, fewestAfter, ByteSet::of);
    }

    /**
     * The same for classes of bytes.
     *
     * @param members the bytes of each class
     */
    static BytesByRest of(int classes, IntUnaryOperator fewestAfter, IntFunction<ByteSet> members) {
        Map<Integer, long[]> groups = new TreeMap<>();
        for (int c = 0; c < classes; c++) {
            int fewest = fewestAfter.applyAsInt(c);
            if (fewest >= 0) {
                members.apply(c).addTo(groups.computeIfAbsent(fewest, key -> new long[4]));
            }
        }
        int[] numbers = new int[groups.size()];
        ByteSet[] sets = new ByteSet[groups.size()];
        ByteSet all = ByteSet.NONE;
        int size = 0;
        for (Map.Entry<Integer, long[]> group : groups.entrySet()) {
            all = all.or(ByteSet.ofWords(group.getValue()));
            numbers[size] = group.getKey();
            sets[size++] = all;
        }
        return new BytesByRest(numbers, sets);
    }

    /** What one with so many numbers takes in memory. */
    static int bytes(int numbers) {
        return FIXED_BYTES + BYTES_PER_NUMBER * numbers;
    }

    /** All bytes that may come. */
    public ByteSet all() {
        return upTo.length == 0 ? ByteSet.NONE : upTo[upTo.length - 1];
    }

    /** Those after which it can end within so many bytes, the byte itself among them. */
    public ByteSet within(int bytesLeft) {
        int group = fewest.length - 1;
        while (group >= 0 && fewest[group] >= bytesLeft) {
            group--;
        }
        return group < 0 ? ByteSet.NONE : upTo[group];
    }
}
