package io.bytelm.constraint.grammar;

import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** The cheapest few of many. */
final class Best {
    private Best() {}

    /**
     * Of {@code 0 .. size - 1} the {@code count} with the least cost; of equal cost the first ones. If there are not more, all of
     * them as they are.
     */
    static int[] of(int size, int count, IntUnaryOperator cost) {
        IntStream all = IntStream.range(0, size);
        if (size <= count) {
            return all.toArray();
        }
        return all.boxed()
                .sorted(Comparator.comparingInt(cost::applyAsInt))
                .limit(count)
                .mapToInt(i -> i)
                .toArray();
    }
}
