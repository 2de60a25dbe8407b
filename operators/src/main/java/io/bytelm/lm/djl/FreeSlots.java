package io.bytelm.lm.djl;

import java.util.BitSet;

/** Which slots are free. The lowest ones are handed out first, so that memory of slots that were never used is not resident. */
final class FreeSlots {
    static final int NONE = -1;

    private final BitSet free = new BitSet();
    private final int count;
    private int lowest;
    private int used;

    FreeSlots(int count) {
        this.count = count;
        freeAll();
    }

    void freeAll() {
        free.set(0, count);
        lowest = 0;
    }

    /** @throws IllegalStateException if none is free */
    int take() {
        int slot = free.nextSetBit(lowest);
        if (slot < 0) {
            throw new IllegalStateException("all " + count + " slots are taken");
        }
        takeFrom(slot, 1);
        lowest = slot + 1;
        return slot;
    }

    /** @return the first of so many neighbours; {@link #NONE} if there are none */
    int takeNeighbours(int wanted) {
        for (int first = free.nextSetBit(lowest); first >= 0; ) {
            int end = free.nextClearBit(first);
            if (end - first >= wanted) {
                takeFrom(first, wanted);
                return first;
            }
            first = free.nextSetBit(end);
        }
        return NONE;
    }

    private void takeFrom(int first, int wanted) {
        free.clear(first, first + wanted);
        used = Math.max(used, first + wanted);
    }

    void free(int slot) {
        free.set(slot);
        lowest = Math.min(lowest, slot);
    }

    /** How many lie below the highest that was ever taken, that one included. */
    int used() {
        return used;
    }
}
