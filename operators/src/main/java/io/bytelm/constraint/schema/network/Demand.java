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
 * @param distinct {@code [slots]} before an item that must be none of those before it; null for other values, and where all are
 */
record Demand(
        int[] values,
        int[] after,
        @Nullable SlotTable slots,
        @Nullable DistinctRun @Nullable [] distinct) {
    static Demand ofOne(int value, int after) {
        return new Demand(new int[] {value}, new int[] {after}, null, null);
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

    /** Before an item that must be none of those before it; null where the slot is for other values. */
    @Nullable
    DistinctRun distinct(int slot) {
        return distinct == null ? null : distinct[slot];
    }

    ByteSet firstBytes(Network network) {
        if (values.length == 1 && distinct == null) {
            return network.value(values[0]).firstBytes().all();
        }
        long[] words = new long[4];
        for (int slot = 0; slot < values.length; slot++) {
            DistinctRun run = distinct(slot);
            (run == null ? network.value(values[slot]).firstBytes().all() : run.live()).addTo(words);
        }
        return ByteSet.ofWords(words);
    }

    /** Adds the first bytes of values after which the document still fits into so many bytes to 256 bits. */
    void addLive(Network network, int bytesLeft, long[] words) {
        for (int slot = 0; slot < values.length; slot++) {
            DistinctRun run = distinct(slot);
            if (run == null) {
                network.value(values[slot]).firstBytes().addLive(bytesLeft - after[slot], words);
            } else {
                run.addLive(bytesLeft - after[slot], words);
            }
        }
    }

    int fewestBytes(Network network) {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (int slot = 0; slot < values.length; slot++) {
            DistinctRun run = distinct(slot);
            int value = run == null ? network.value(values[slot]).fewestBytes() : run.fewestBytesToAccept();
            fewest = Math.min(fewest, value + after[slot]);
        }
        return fewest;
    }
}
