package io.bytelm.constraint.schema;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.schema.algebra.ArrayShape;
import io.bytelm.constraint.schema.network.ArrayProgram;
import io.bytelm.constraint.schema.network.DistinctItems;
import io.bytelm.constraint.schema.network.Fewest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array's program before it is known which nodes have values; items are indices of nodes, {@code comma} is the bytes between two. */
record ArrayDraft(
        List<Integer> prefix,
        int rest,
        int min,
        int max,
        @Nullable ContainsDraft contains,
        @Nullable DistinctItems distinct,
        int comma) {
    private static final int ITEM_BYTES = 24;

    /** About what {@link #fewestBytes} takes. */
    long weight() {
        return 2L + prefix.size();
    }

    static ArrayDraft of(ArrayShape given, NetworkBuilder builder) {
        ArrayShape shape = ContainsDraft.withoutTrivial(given, builder.algebra());
        builder.algebra()
                .budget()
                .chargeMemory(ITEM_BYTES * (long) shape.prefix().size());
        int comma = builder.options().separators().commaBytes();
        if (shape.distinct() != null) {
            DistinctDraft draft = DistinctDraft.of(shape, shape.distinct(), builder);
            DistinctItems items = draft.items(shape.min(), comma);
            return new ArrayDraft(List.of(), draft.number(), shape.min(), draft.max(), null, items, comma);
        }
        ContainsDraft contains = ContainsDraft.of(shape, builder);
        List<Integer> prefix = new ArrayList<>();
        for (int i = 0; contains == null && i < Math.min(shape.prefix().size(), shape.max()); i++) {
            prefix.add(builder.index(shape.item(i)));
        }
        int rest = contains == null ? builder.index(shape.rest()) : 0;
        return new ArrayDraft(prefix, rest, shape.min(), shape.max(), contains, null, comma);
    }

    private int item(int index) {
        return index < prefix.size() ? prefix.get(index) : rest;
    }

    int fewestBytes(int[] fewest, CompileBudget budget) {
        if (min > max) {
            return Cursor.VERY_MANY_BYTES;
        }
        if (distinct != null) {
            return distinct.areEnough() ? distinct.fewestBytes() : Cursor.VERY_MANY_BYTES;
        }
        if (contains != null) {
            return contains.program(ContainsDraft.knownIn(fewest), fewest, budget)
                    .fewestBytes();
        }
        int sum = 2 + Fewest.product(min - 1, comma);
        for (int i = 0; i < Math.min(min, prefix.size()); i++) {
            sum = Fewest.sum(sum, fewest[item(i)]);
        }
        return Fewest.sum(sum, Fewest.product(min - prefix.size(), fewest[rest]));
    }

    ArrayProgram program(int[] numbers, int[] fewest, CompileBudget budget) {
        if (distinct != null) {
            return ArrayProgram.of(distinct, numbers.length + rest, min, max, comma);
        }
        if (contains != null) {
            budget.chargeMemory(contains.programBytes());
            return ArrayProgram.of(contains.program(numbers, fewest, budget), min, max, comma);
        }
        int most = max;
        for (int i = 0; i <= prefix.size() && i < most; i++) {
            if (numbers[item(i)] < 0) {
                most = i;
            }
        }
        int[] required = new int[Math.min(min, prefix.size())];
        for (int i = 0; i < required.length; i++) {
            required[i] = fewest[item(i)];
        }
        int[] first = prefix.stream().mapToInt(i -> numbers[i]).toArray();
        return ArrayProgram.of(first, numbers[rest], min, most, required, fewest[rest], comma);
    }
}
