package io.bytelm.constraint.schema.network;

import java.util.ArrayList;
import java.util.List;

/**
 * One alternative of an array.
 *
 * @param slot the slot of the demand that it is for
 * @param index of the program among those of the value, to write it down
 * @param count items so far
 */
record ArrayRun(int slot, int index, ArrayProgram program, int count) {
    static ArrayRun[] open(Enclosing enclosing) {
        List<ArrayRun> runs = new ArrayList<>(1);
        int[] values = enclosing.demand().values();
        for (int slot = 0; slot < values.length; slot++) {
            List<ArrayProgram> programs = enclosing.network.value(values[slot]).arrays();
            for (int i = 0; i < programs.size(); i++) {
                runs.add(new ArrayRun(slot, i, programs.get(i), 0));
            }
        }
        return runs.toArray(new ArrayRun[0]);
    }

    boolean canClose() {
        return count >= program.min();
    }

    boolean canGoOn() {
        return count < program.max();
    }

    /** The value of the next item. */
    int item() {
        return program.item(count);
    }

    ArrayRun next() {
        return new ArrayRun(slot, index, program, count + 1);
    }

    /** The fewest bytes after an item. */
    int fewestToClose() {
        return program.fewestAfter(count);
    }

    /** The fewest bytes after the opening bracket. */
    int fewestFromOpen() {
        return program.fewestToOpen();
    }

    void writeTo(PositionWriter out) {
        out.number(slot);
        out.number(index);
        out.number(count);
    }
}
