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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on the number of some items before it is known which nodes have values.
 *
 * @param nodes {@code [choices][places]} nodes of items that count for these conditions; the last place stands for all after it
 * @param least {@code [conditions]} how many items must count
 * @param most {@code [conditions]} how many may
 * @param comma bytes of what stands between two items
 */
record ContainsDraft(int[][] nodes, int[] least, int[] most, int minItems, int maxItems, int comma) {
    private static final int MAX_ENTRIES = 1 << 18;
    private static final int MOST_CONDITIONS = 6;
    private static final int STEPS_PER_ENTRY = 3;
    private static final int ITEM_BYTES = 16;
    private static final int NO_NODE = -1;

    /**
     * The same arrays, where a condition that every item meets is one on how many items there are; found out of conditions that a
     * schema does not hold, since what all others say may have no complement.
     */
    static ArrayShape withoutTrivial(ArrayShape shape, Algebra algebra) {
        List<Contains> others = new ArrayList<>();
        int min = shape.min();
        int max = shape.max();
        for (Contains condition : shape.contains()) {
            if (condition.item().isComplement() && isMetByAll(condition, shape, algebra)) {
                min = condition.min() == 0 ? min : Math.max(min, condition.from() + condition.min());
                max = (int) Math.min(max, (long) condition.from() + condition.max());
            } else {
                others.add(condition);
            }
        }
        return others.size() == shape.contains().size()
                ? shape
                : new ArrayShape(shape.prefix(), shape.rest(), min, max, others, shape.distinct());
    }

    private static boolean isMetByAll(Contains condition, ArrayShape shape, Algebra algebra) {
        Node others = algebra.not(condition.item());
        for (int place = condition.from();
                place <= Math.max(condition.from(), shape.prefix().size());
                place++) {
            algebra.budget().tick();
            if (!algebra.isSurelyNothing(algebra.and(shape.item(place), others))) {
                return false;
            }
        }
        return true;
    }

    /** The conditions of a shape, or null if it has none. */
    static @Nullable ContainsDraft of(ArrayShape shape, NetworkBuilder builder) {
        List<Contains> conditions = shape.contains();
        if (conditions.isEmpty()) {
            return null;
        }
        if (conditions.size() > MOST_CONDITIONS) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED,
                    "more than " + MOST_CONDITIONS + " conditions on how many items are in a set are not enforced");
        }
        int[] least = conditions.stream().mapToInt(Contains::min).toArray();
        int[] most = conditions.stream().mapToInt(Contains::max).toArray();
        int from = conditions.stream().mapToInt(Contains::from).max().orElse(0);
        int places = Math.max(shape.prefix().size(), from) + 1;
        int choices = 1 << conditions.size();
        if (choices * ContainsProgram.entries(places, least, most, shape.min(), shape.max()) > MAX_ENTRIES) {
            throw new ConstraintException(
                    Reason.TOO_LARGE, "contains: with limits this high it is not enforced; use smaller ones");
        }
        builder.algebra().budget().chargeMemory(ITEM_BYTES * (long) places * choices);
        int[][] nodes = new int[choices][places];
        for (int choice = 0; choice < choices; choice++) {
            for (int place = 0; place < places; place++) {
                nodes[choice][place] = node(shape, place, choice, builder);
            }
        }
        int comma = builder.options().separators().commaBytes();
        return new ContainsDraft(nodes, least, most, shape.min(), shape.max(), comma);
    }

    /** The items at a place that are in these sets, and in none of the others that have an upper limit. */
    private static int node(ArrayShape shape, int place, int choice, NetworkBuilder builder) {
        Algebra algebra = builder.algebra();
        Node node = shape.item(place);
        for (int i = 0; i < shape.contains().size(); i++) {
            Contains condition = shape.contains().get(i);
            boolean chosen = (choice >> i & 1) != 0;
            if (place < condition.from()) {
                if (chosen) {
                    return NO_NODE;
                }
            } else if (chosen) {
                node = algebra.and(node, condition.item());
            } else if (condition.max() < StringShape.UNBOUNDED) {
                node = algebra.and(node, algebra.not(condition.item()));
            }
        }
        return builder.index(node);
    }

    private long entries() {
        return nodes.length * ContainsProgram.entries(nodes[0].length, least, most, minItems, maxItems);
    }

    /** What a program of it holds. */
    long programBytes() {
        return ITEM_BYTES * (long) nodes.length * nodes[0].length + 4 * entries();
    }

    ContainsProgram program(int[] numbers, int[] fewest, CompileBudget budget) {
        budget.tick(STEPS_PER_ENTRY * (entries() + (long) nodes.length * nodes[0].length) + fewest.length);
        budget.requireMemory(programBytes());
        return new ContainsProgram(
                select(numbers, ContainsProgram.NONE),
                select(fewest, Cursor.VERY_MANY_BYTES),
                least,
                most,
                minItems,
                maxItems,
                comma);
    }

    private int[][] select(int[] from, int absent) {
        return Arrays.stream(nodes)
                .map(choice -> Arrays.stream(choice)
                        .map(node -> node == NO_NODE ? absent : from[node])
                        .toArray())
                .toArray(int[][]::new);
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
