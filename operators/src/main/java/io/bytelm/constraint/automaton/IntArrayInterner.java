package io.bytelm.constraint.automaton;

import java.util.Arrays;

/** Numbers distinct int arrays 0, 1, 2, ... in the order of their first appearance. */
final class IntArrayInterner {
    private int[] slots = new int[64];
    private int[][] arrays = new int[16][];
    private int size;

    IntArrayInterner() {
        Arrays.fill(slots, -1);
    }

    /** The number of this array; an array not seen before is kept, so not to be changed afterwards. */
    int intern(int[] array) {
        int slot = slotOf(array);
        if (slots[slot] >= 0) {
            return slots[slot];
        }
        if (size == arrays.length) {
            arrays = Arrays.copyOf(arrays, 2 * size);
        }
        arrays[size] = array;
        slots[slot] = size++;
        if (2 * size > slots.length) {
            grow();
        }
        return size - 1;
    }

    int[] get(int number) {
        return arrays[number];
    }

    int size() {
        return size;
    }

    private int slotOf(int[] array) {
        int mask = slots.length - 1;
        int slot = hash(array) & mask;
        while (slots[slot] >= 0 && !Arrays.equals(arrays[slots[slot]], array)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        slots = new int[2 * slots.length];
        Arrays.fill(slots, -1);
        for (int i = 0; i < size; i++) {
            slots[slotOf(arrays[i])] = i;
        }
    }

    /** Mixes every number in: the polynomial of {@link Arrays#hashCode} is the same for most pairs of small numbers. */
    private static int hash(int[] array) {
        long hash = array.length;
        for (int number : array) {
            hash = (hash ^ number) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }
}
