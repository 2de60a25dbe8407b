package io.bytelm.constraint.schema.network;

import java.util.Arrays;

/** Collects the values that several runs ask for, each once with the cheapest way on. Used by one thread. */
final class Demands {
    private final int[] values;
    private final int[] after;
    private int size;

    Demands(int capacity) {
        values = new int[capacity];
        after = new int[capacity];
    }

    void add(int value, int fewestAfter) {
        for (int slot = 0; slot < size; slot++) {
            if (values[slot] == value) {
                after[slot] = Math.min(after[slot], fewestAfter);
                return;
            }
        }
        values[size] = value;
        after[size++] = fewestAfter;
    }

    boolean isEmpty() {
        return size == 0;
    }

    Demand demand() {
        return new Demand(Arrays.copyOf(values, size), Arrays.copyOf(after, size));
    }
}
