package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of an array.
 *
 * @param slot the slot of the demand that it is for
 * @param index of the program among those of the value, to write it down
 * @param count items so far
 * @param matches those that are in the set which the program counts, as far as they are counted
 * @param used the texts of the items so far where no two may be equal
 */
record ArrayRun(int slot, int index, ArrayProgram program, int count, int matches, SortedKeys used) {
    /** How many values a next item can have. */
    static final int ITEM_VALUES = 2;

    static ArrayRun[] open(Enclosing enclosing) {
        List<ArrayRun> runs = new ArrayList<>(1);
        int[] values = enclosing.demand().values();
        for (int slot = 0; slot < values.length; slot++) {
            List<ArrayProgram> programs = enclosing.network.value(values[slot]).arrays();
            for (int i = 0; i < programs.size(); i++) {
                runs.add(new ArrayRun(slot, i, programs.get(i), 0, 0, SortedKeys.NONE));
            }
        }
        return runs.toArray(new ArrayRun[0]);
    }

    boolean canClose() {
        ContainsProgram contains = program.contains();
        return contains == null ? count >= program.min() : contains.canClose(count, matches);
    }

    boolean canGoOn() {
        return otherItem() != ContainsProgram.NONE || matchingItem() != ContainsProgram.NONE;
    }

    /** The value of the next item, whether it is counted or not; NONE if there cannot be one. */
    private int otherItem() {
        ContainsProgram contains = program.contains();
        if (contains != null) {
            return contains.otherItem(count, matches);
        }
        DistinctItems distinct = program.distinct();
        boolean isLeft = count < program.max() && (distinct == null || distinct.hasAnother(used));
        return isLeft ? program.item(count) : ContainsProgram.NONE;
    }

    private int matchingItem() {
        ContainsProgram contains = program.contains();
        return contains == null ? ContainsProgram.NONE : contains.matchingItem(count, matches);
    }

    /** Adds the values of the next item. @param after the fewest bytes after the array */
    void addTo(Demands demands, int after) {
        DistinctItems distinct = program.distinct();
        if (distinct != null) {
            if (canGoOn()) {
                int others = distinct.afterOneMore(used).sum();
                demands.addDistinct(program.rest(), Fewest.sum(1 + others, after), distinct, used);
            }
            return;
        }
        if (otherItem() != ContainsProgram.NONE) {
            demands.add(otherItem(), Fewest.sum(next(false).fewestToClose(), after));
        }
        if (matchingItem() != ContainsProgram.NONE) {
            demands.add(matchingItem(), Fewest.sum(next(true).fewestToClose(), after));
        }
    }

    /** Whether the next item can be one that was accepted. */
    boolean takes(Demand demand, boolean[] accepted) {
        return isAccepted(otherItem(), demand, accepted) || isAccepted(matchingItem(), demand, accepted);
    }

    /**
     * After an item that it takes.
     *
     * @param text of the item, where no two may be equal
     */
    ArrayRun next(Demand demand, boolean[] accepted, byte @Nullable [] text) {
        if (program.distinct() != null) {
            return new ArrayRun(slot, index, program, count + 1, matches, used.with(Objects.requireNonNull(text)));
        }
        return next(isAccepted(matchingItem(), demand, accepted));
    }

    private static boolean isAccepted(int value, Demand demand, boolean[] accepted) {
        return value != ContainsProgram.NONE && accepted[demand.slotOf(value)];
    }

    private ArrayRun next(boolean matching) {
        ContainsProgram contains = program.contains();
        int after = matching && contains != null ? contains.countUp(matches) : matches;
        return new ArrayRun(slot, index, program, count + 1, after, used);
    }

    /** The fewest bytes after an item. */
    int fewestToClose() {
        DistinctItems distinct = program.distinct();
        if (distinct != null) {
            return distinct.fewestToClose(used);
        }
        ContainsProgram contains = program.contains();
        return contains == null ? program.fewestAfter(count) : contains.fewestAfter(count, matches);
    }

    /** The fewest bytes after a comma, {@link Cursor#VERY_MANY_BYTES} if no item may come. */
    int fewestWithAnotherItem(Network network) {
        DistinctItems distinct = program.distinct();
        if (distinct != null) {
            int others = distinct.afterOneMore(used).sum();
            return canGoOn()
                    ? Fewest.sum(1 + others, DistinctRun.open(slot, distinct, used).fewestBytesToAccept())
                    : Cursor.VERY_MANY_BYTES;
        }
        int other = otherItem();
        int matching = matchingItem();
        int fewest = Cursor.VERY_MANY_BYTES;
        if (other != ContainsProgram.NONE) {
            fewest = Fewest.sum(network.value(other).fewestBytes(), fewestToCloseAfter(matches));
        }
        if (matching != ContainsProgram.NONE) {
            int after = fewestToCloseAfter(
                    program.contains() == null ? matches : program.contains().countUp(matches));
            fewest = Math.min(fewest, Fewest.sum(network.value(matching).fewestBytes(), after));
        }
        return fewest;
    }

    private int fewestToCloseAfter(int matchesThen) {
        ContainsProgram contains = program.contains();
        return contains == null ? program.fewestAfter(count + 1) : contains.fewestAfter(count + 1, matchesThen);
    }

    /** The fewest bytes after the opening bracket. */
    int fewestFromOpen() {
        DistinctItems distinct = program.distinct();
        if (distinct != null) {
            return distinct.fewestFromOpen();
        }
        ContainsProgram contains = program.contains();
        return contains == null ? program.fewestToOpen() : contains.fewestBytes() - 1;
    }

    void writeTo(PositionWriter out) {
        out.number(slot);
        out.number(index);
        out.number(count);
        out.number(matches);
        if (program.distinct() != null) {
            out.keys(used);
        }
    }
}
