package io.bytelm.constraint.schema.network;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the values that several runs ask for, each once with the cheapest way on. Used by one thread. */
final class Demands {
    private final int[] values;
    private final int[] after;
    private final @Nullable SlotTable slots;
    private int size;

    Demands(int capacity) {
        values = new int[capacity];
        after = new int[capacity];
        slots = capacity > SlotTable.FEW ? new SlotTable(capacity) : null;
    }

    void add(int value, int fewestAfter) {
        int slot = knownSlot(value);
        if (slot >= 0) {
            after[slot] = Math.min(after[slot], fewestAfter);
            return;
        }
        values[size] = value;
        after[size++] = fewestAfter;
    }

    private int knownSlot(int value) {
        if (slots != null) {
            return slots.putIfAbsent(value, size);
        }
        int slot = size - 1;
        while (slot >= 0 && values[slot] != value) {
            slot--;
        }
        return slot;
    }

    boolean isEmpty() {
        return size == 0;
    }

    Demand demand() {
        return new Demand(Arrays.copyOf(values, size), Arrays.copyOf(after, size), slots);
    }
}
