package io.bytelm.constraint.schema;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.schema.algebra.ArrayShape;
import io.bytelm.constraint.schema.network.ArrayProgram;
import io.bytelm.constraint.schema.network.Fewest;
import java.util.ArrayList;
import java.util.List;

/** An array's program before it is known which nodes have values; items are indices of nodes. */
record ArrayDraft(List<Integer> prefix, int rest, int min, int max) {
    private static final int MAX_REQUIRED_ITEMS = 1 << 20;

    static ArrayDraft of(ArrayShape shape, NetworkBuilder builder) {
        if (!shape.contains().isEmpty()) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED, "contains, or an array that does not match items: not enforced");
        }
        if (shape.min() > MAX_REQUIRED_ITEMS) {
            throw new ConstraintException(Reason.TOO_LARGE, "minItems above " + MAX_REQUIRED_ITEMS);
        }
        List<Integer> prefix = new ArrayList<>();
        for (int i = 0; i < Math.min(shape.prefix().size(), shape.max()); i++) {
            prefix.add(builder.index(shape.item(i)));
        }
        return new ArrayDraft(prefix, builder.index(shape.rest()), shape.min(), shape.max());
    }

    private int item(int index) {
        return index < prefix.size() ? prefix.get(index) : rest;
    }

    int fewestBytes(int[] fewest) {
        if (min > max) {
            return Cursor.VERY_MANY_BYTES;
        }
        int sum = min == 0 ? 2 : 1 + min;
        for (int i = 0; i < min; i++) {
            sum = Fewest.sum(sum, fewest[item(i)]);
        }
        return sum;
    }

    ArrayProgram program(int[] numbers, int[] fewest) {
        int most = max;
        for (int i = 0; i <= prefix.size() && i < most; i++) {
            if (numbers[item(i)] < 0) {
                most = i;
            }
        }
        int[] required = new int[min];
        for (int i = 0; i < min; i++) {
            required[i] = fewest[item(i)];
        }
        int[] first = prefix.stream().mapToInt(i -> numbers[i]).toArray();
        return ArrayProgram.of(first, numbers[rest], most, required);
    }
}
