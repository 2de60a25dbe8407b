package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;

/**
 * The values that may come at one place, without repetition; a slot is an index of them.
 *
 * @param values {@code [slots]} indices of values
 * @param after {@code [slots]} the fewest bytes that complete the document after a value of the slot
 */
record Demand(int[] values, int[] after) {
    static Demand ofOne(int value, int after) {
        return new Demand(new int[] {value}, new int[] {after});
    }

    int slotOf(int value) {
        int slot = 0;
        while (values[slot] != value) {
            slot++;
        }
        return slot;
    }

    ByteSet firstBytes(Network network) {
        ByteSet bytes = network.value(values[0]).firstBytes();
        for (int slot = 1; slot < values.length; slot++) {
            bytes = bytes.or(network.value(values[slot]).firstBytes());
        }
        return bytes;
    }

    int fewestBytes(Network network) {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (int slot = 0; slot < values.length; slot++) {
            fewest = Math.min(fewest, network.value(values[slot]).fewestBytes() + after[slot]);
        }
        return fewest;
    }
}
