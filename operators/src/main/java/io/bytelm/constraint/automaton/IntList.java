package io.bytelm.constraint.automaton;

import java.util.Arrays;

/** A growing list of ints. Used by one thread. */
public final class IntList {
    private int[] values = new int[16];
    private int size;

    /** Appends a number. */
    public void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    public int get(int index) {
        return values[index];
    }

    public void set(int index, int value) {
        values[index] = value;
    }

    int removeLast() {
        return values[--size];
    }

    public int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** A copy. */
    public int[] toArray() {
        return Arrays.copyOf(values, size);
    }

    /** The distinct values in ascending order. */
    int[] toSortedSet() {
        int[] sorted = toArray();
        Arrays.sort(sorted);
        int count = 0;
        for (int value : sorted) {
            if (count == 0 || sorted[count - 1] != value) {
                sorted[count++] = value;
            }
        }
        return count == sorted.length ? sorted : Arrays.copyOf(sorted, count);
    }
}
