package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The values that may come at one place, without repetition; a slot is an index of them.
 *
 * @param values {@code [slots]} indices of values
 * @param after {@code [slots]} the fewest bytes that complete the document after a value of the slot
 * @param slots of the values; null where there are few
 */
record Demand(int[] values, int[] after, @Nullable SlotTable slots) {
    static Demand ofOne(int value, int after) {
        return new Demand(new int[] {value}, new int[] {after}, null);
    }

    int slotOf(int value) {
        if (slots != null) {
            return slots.slotOf(value);
        }
        int slot = 0;
        while (values[slot] != value) {
            slot++;
        }
        return slot;
    }

    ByteSet firstBytes(Network network) {
        if (values.length == 1) {
            return network.value(values[0]).firstBytes().all();
        }
        long[] words = new long[4];
        for (int value : values) {
            network.value(value).firstBytes().all().addTo(words);
        }
        return ByteSet.ofWords(words);
    }

    /** Adds the first bytes of values after which the document still fits into so many bytes to 256 bits. */
    void addLive(Network network, int bytesLeft, long[] words) {
        for (int slot = 0; slot < values.length; slot++) {
            network.value(values[slot]).firstBytes().addLive(bytesLeft - after[slot], words);
        }
    }

    int fewestBytes(Network network) {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (int slot = 0; slot < values.length; slot++) {
            fewest = Math.min(fewest, network.value(values[slot]).fewestBytes() + after[slot]);
        }
        return fewest;
    }
}
