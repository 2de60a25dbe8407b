package io.bytelm.constraint.schema.algebra;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays by the place of their items.
 *
 * @param prefix what the first items are
 * @param rest what all others are
 * @param max {@link StringShape#UNBOUNDED} for no limit
 * @param contains conditions on how many items are in a set
 * @param distinct where it is written that no two items are equal, as a JSON pointer; null if two may be
 */
public record ArrayShape(
        List<Node> prefix,
        Node rest,
        int min,
        int max,
        List<Contains> contains,
        @Nullable String distinct) {
    private static final int BYTES_PER_ITEM = 8;

    /** From {@code min} to {@code max} of the items from index {@code from} on are in the set. */
    public record Contains(Node item, int from, int min, int max) {}

    public ArrayShape {
        prefix = List.copyOf(prefix);
        contains = List.copyOf(contains);
    }

    /** Two items may be equal. */
    public ArrayShape(List<Node> prefix, Node rest, int min, int max, List<Contains> contains) {
        this(prefix, rest, min, max, contains, null);
    }

    static ArrayShape any(Algebra algebra) {
        return new ArrayShape(List.of(), algebra.anything(), 0, StringShape.UNBOUNDED, List.of());
    }

    private static ArrayShape ofLength(int min, int max, Algebra algebra) {
        return new ArrayShape(List.of(), algebra.anything(), min, max, List.of());
    }

    /** The same, and all items from an index on have these values. */
    public ArrayShape withRest(int from, Node value, Algebra algebra) {
        if (from == Integer.MAX_VALUE) {
            return this;
        }
        charge(from, algebra);
        List<Node> items = new ArrayList<>();
        for (int i = 0; i < from; i++) {
            items.add(item(i));
        }
        return new ArrayShape(items, algebra.and(rest, value), min, max, contains, distinct);
    }

    public Node item(int index) {
        return index < prefix.size() ? prefix.get(index) : rest;
    }

    boolean isEmpty() {
        if (min > max) {
            return true;
        }
        for (int i = 0; i < min && i <= prefix.size(); i++) {
            if (item(i).isNothing()) {
                return true;
            }
        }
        return false;
    }

    /** How many parts it has: what comparing, copying or combining it takes. */
    long weight() {
        return 4L + prefix.size() + 4L * contains.size();
    }

    ArrayShape and(ArrayShape that, Algebra algebra) {
        charge(Math.max(prefix.size(), that.prefix.size()), algebra);
        List<Node> items = new ArrayList<>();
        for (int i = 0; i < Math.max(prefix.size(), that.prefix.size()); i++) {
            items.add(algebra.and(item(i), that.item(i)));
        }
        List<Contains> both = new ArrayList<>(contains);
        that.contains.stream().filter(c -> !both.contains(c)).forEach(both::add);
        return new ArrayShape(
                items,
                algebra.and(rest, that.rest),
                Math.max(min, that.min),
                Math.min(max, that.max),
                both,
                distinct != null ? distinct : that.distinct);
    }

    /** @throws ConstraintException if no two items of these arrays may be equal: that some are is not enforced */
    List<ArrayShape> complement(Algebra algebra) {
        if (distinct != null) {
            throw ConstraintException.at(
                    Reason.UNSUPPORTED,
                    distinct,
                    "that this does not hold, as not, else and overlapping oneOf ask, is not enforced;"
                            + " leave it out, or tell the branches apart by a constant");
        }
        List<ArrayShape> others = new ArrayList<>();
        if (min > 0) {
            others.add(ofLength(0, min - 1, algebra));
        }
        if (max < StringShape.UNBOUNDED) {
            others.add(ofLength(max + 1, StringShape.UNBOUNDED, algebra));
        }
        for (int i = 0; i < prefix.size(); i++) {
            if (!prefix.get(i).isAnything()) {
                others.add(withOther(i, algebra));
            }
        }
        if (rest.isNothing()) {
            others.add(ofLength(prefix.size() + 1, StringShape.UNBOUNDED, algebra));
        } else if (!rest.isAnything()) {
            others.add(containing(algebra.not(rest), prefix.size(), 1, StringShape.UNBOUNDED, algebra));
        }
        for (Contains c : contains) {
            if (c.min > 0) {
                others.add(containing(c.item, c.from, 0, c.min - 1, algebra));
            }
            if (c.max < StringShape.UNBOUNDED) {
                others.add(containing(c.item, c.from, c.max + 1, StringShape.UNBOUNDED, algebra));
            }
        }
        return others;
    }

    private ArrayShape withOther(int index, Algebra algebra) {
        charge(index, algebra);
        List<Node> items = new ArrayList<>();
        for (int i = 0; i < index; i++) {
            items.add(algebra.anything());
        }
        items.add(algebra.not(prefix.get(index)));
        return new ArrayShape(items, algebra.anything(), index + 1, StringShape.UNBOUNDED, List.of());
    }

    private static void charge(int items, Algebra algebra) {
        algebra.budget().tick(items);
        algebra.budget().chargeMemory(BYTES_PER_ITEM * (long) items);
    }

    private static ArrayShape containing(Node item, int from, int min, int max, Algebra algebra) {
        return new ArrayShape(
                List.of(), algebra.anything(), 0, StringShape.UNBOUNDED, List.of(new Contains(item, from, min, max)));
    }
}
