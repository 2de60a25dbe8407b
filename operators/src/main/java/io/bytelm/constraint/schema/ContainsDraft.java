package io.bytelm.constraint.schema;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.ArrayShape;
import io.bytelm.constraint.schema.algebra.ArrayShape.Contains;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.StringShape;
import io.bytelm.constraint.schema.network.ContainsProgram;
import org.jspecify.annotations.Nullable;

/**
 * A condition on the number of some items before it is known which nodes have values.
 *
 * @param matching {@code [places]} nodes of items that count; the last place stands for all after it
 * @param other {@code [places]} nodes of items that do not
 * @param comma bytes of what stands between two items
 */
record ContainsDraft(int[] matching, int[] other, int least, int most, int minItems, int maxItems, int comma) {
    private static final int MAX_ENTRIES = 1 << 18;
    private static final int STEPS_PER_ENTRY = 3;
    private static final int ITEM_BYTES = 16;
    private static final int NO_NODE = -1;

    /** The condition of a shape, or null if it has none. */
    static @Nullable ContainsDraft of(ArrayShape shape, NetworkBuilder builder) {
        if (shape.contains().isEmpty()) {
            return null;
        }
        if (shape.contains().size() > 1) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED, "two conditions on how many items are in a set are not enforced");
        }
        Contains contains = shape.contains().get(0);
        int places = Math.max(shape.prefix().size(), contains.from()) + 1;
        long entries = ContainsProgram.entries(places, contains.min(), contains.max(), shape.min(), shape.max());
        if (entries > MAX_ENTRIES) {
            throw new ConstraintException(
                    Reason.TOO_LARGE, "contains: with limits this high it is not enforced; use smaller ones");
        }
        builder.algebra().budget().chargeMemory(ITEM_BYTES * (long) places);
        int[] matching = new int[places];
        int[] other = new int[places];
        Algebra algebra = builder.algebra();
        Node notCounted = contains.max() == StringShape.UNBOUNDED ? algebra.anything() : algebra.not(contains.item());
        for (int i = 0; i < places; i++) {
            boolean counts = i >= contains.from();
            matching[i] = counts ? builder.index(algebra.and(shape.item(i), contains.item())) : NO_NODE;
            other[i] = builder.index(counts ? algebra.and(shape.item(i), notCounted) : shape.item(i));
        }
        return new ContainsDraft(
                matching,
                other,
                contains.min(),
                contains.max(),
                shape.min(),
                shape.max(),
                builder.options().separators().commaBytes());
    }

    /** What a program of it holds. */
    long programBytes() {
        return ITEM_BYTES * (long) matching.length
                + 4 * ContainsProgram.entries(matching.length, least, most, minItems, maxItems);
    }

    ContainsProgram program(int[] numbers, int[] fewest, CompileBudget budget) {
        long entries = ContainsProgram.entries(matching.length, least, most, minItems, maxItems);
        budget.tick(STEPS_PER_ENTRY * (entries + matching.length) + fewest.length);
        budget.requireMemory(programBytes());
        return new ContainsProgram(
                select(matching, numbers, ContainsProgram.NONE),
                select(other, numbers, ContainsProgram.NONE),
                select(matching, fewest, Cursor.VERY_MANY_BYTES),
                select(other, fewest, Cursor.VERY_MANY_BYTES),
                least,
                most,
                minItems,
                maxItems,
                comma);
    }

    private static int[] select(int[] nodes, int[] from, int absent) {
        int[] selected = new int[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            selected[i] = nodes[i] == NO_NODE ? absent : from[nodes[i]];
        }
        return selected;
    }

    /** Numbers for the nodes with a value, where any will do. */
    static int[] knownIn(int[] fewest) {
        int[] numbers = new int[fewest.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = fewest[i] < Cursor.VERY_MANY_BYTES ? i : ContainsProgram.NONE;
        }
        return numbers;
    }
}
