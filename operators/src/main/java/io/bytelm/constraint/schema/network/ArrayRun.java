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
 * @param matches how many of them are in the sets which the program counts, as far as they are counted; see {@link ContainsProgram}
 * @param used the texts of the items so far where no two may be equal
 */
record ArrayRun(int slot, int index, ArrayProgram program, int count, int matches, SortedKeys used) {
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

    /** How many values a next item can have: one for each choice of the sets that the program counts. */
    int choices() {
        ContainsProgram contains = program.contains();
        return contains == null ? 1 : contains.choices();
    }

    boolean canGoOn() {
        for (int choice = 0; choice < choices(); choice++) {
            if (item(choice) != ContainsProgram.NONE) {
                return true;
            }
        }
        return false;
    }

    /** The value of the next item if it is in some sets that are counted; NONE if there cannot be one. */
    private int item(int choice) {
        ContainsProgram contains = program.contains();
        if (contains != null) {
            return contains.item(count, matches, choice);
        }
        DistinctItems distinct = program.distinct();
        boolean isLeft = count < program.max() && (distinct == null || distinct.hasAnother(used));
        return isLeft ? program.item(count) : ContainsProgram.NONE;
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
        for (int choice = 0; choice < choices(); choice++) {
            if (item(choice) != ContainsProgram.NONE) {
                demands.add(item(choice), Fewest.sum(fewestToCloseAfter(choice), after));
            }
        }
    }

    /**
     * After an item; null if it does not take it.
     *
     * @param text of the item, where no two may be equal
     */
    @Nullable
    ArrayRun next(Demand demand, boolean[] accepted, byte @Nullable [] text) {
        boolean takes = false;
        int sets = 0;
        for (int choice = 0; choice < choices(); choice++) {
            int value = item(choice);
            if (value != ContainsProgram.NONE && accepted[demand.slotOf(value)]) {
                takes = true;
                sets |= choice;
            }
        }
        if (!takes) {
            return null;
        }
        SortedKeys usedThen = program.distinct() == null ? used : used.with(Objects.requireNonNull(text));
        return new ArrayRun(slot, index, program, count + 1, matchesAfter(sets), usedThen);
    }

    private int matchesAfter(int choice) {
        ContainsProgram contains = program.contains();
        return contains == null ? matches : contains.countUp(matches, choice);
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
                    ? Fewest.sum(
                            1 + others, DistinctRun.open(slot, distinct, used).fewestBytesToAccept())
                    : Cursor.VERY_MANY_BYTES;
        }
        int fewest = Cursor.VERY_MANY_BYTES;
        for (int choice = 0; choice < choices(); choice++) {
            int value = item(choice);
            if (value != ContainsProgram.NONE) {
                int item = network.value(value).fewestBytes();
                fewest = Math.min(fewest, Fewest.sum(item, fewestToCloseAfter(choice)));
            }
        }
        return fewest;
    }

    private int fewestToCloseAfter(int choice) {
        ContainsProgram contains = program.contains();
        return contains == null
                ? program.fewestAfter(count + 1)
                : contains.fewestAfter(count + 1, matchesAfter(choice));
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
