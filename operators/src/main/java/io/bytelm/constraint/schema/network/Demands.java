package io.bytelm.constraint.schema.network;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the values that several runs ask for, each once with the cheapest way on. Used by one thread. */
final class Demands {
    private final int[] values;
    private final int[] after;
    private final @Nullable SlotTable slots;
    private @Nullable DistinctRun @Nullable [] distinct;
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

    /** Adds the next item of an array without equal ones, which no other run asks for. */
    void addDistinct(int value, int fewestAfter, DistinctItems items, SortedKeys used) {
        add(value, fewestAfter);
        distinct = distinct == null ? new DistinctRun[values.length] : distinct;
        distinct[size - 1] = DistinctRun.open(size - 1, items, used);
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
        return new Demand(Arrays.copyOf(values, size), Arrays.copyOf(after, size), slots, distinct);
    }
}
