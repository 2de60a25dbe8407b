package io.bytelm.constraint.grammar;

import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** The cheapest few of many. */
final class Best {
    private Best() {}

    /** Of {@code 0 .. size - 1} the {@code count} with the least cost; of equal cost the first ones. */
    static int[] of(int size, int count, IntUnaryOperator cost) {
        return IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingInt(cost::applyAsInt))
                .limit(count)
                .mapToInt(i -> i)
                .toArray();
    }
}
