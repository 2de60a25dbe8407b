package io.bytelm.constraint.schema.network;

/** Which slot a value has, for demands of many values: open addressing. Filled by one thread, then immutable. */
final class SlotTable {
    /** Demands of this many values are searched one after the other. */
    static final int FEW = 8;

    private static final int SPREAD = 0x9E3779B9;

    private final int mask;
    private final int[] values;
    /** {@code [places]} slot plus 1, 0 where there is none. */
    private final int[] slots;

    SlotTable(int capacity) {
        int places = Integer.highestOneBit(Math.max(1, capacity)) * 4;
        mask = places - 1;
        values = new int[places];
        slots = new int[places];
    }

    /** The slot of a value, or -1 after giving it this one. */
    int putIfAbsent(int value, int slot) {
        int place = placeOf(value);
        int known = slots[place] - 1;
        if (known < 0) {
            values[place] = value;
            slots[place] = slot + 1;
        }
        return known;
    }

    /** The slot of a value, or -1. */
    int slotOf(int value) {
        return slots[placeOf(value)] - 1;
    }

    private int placeOf(int value) {
        int place = (value * SPREAD >>> 7) & mask;
        while (slots[place] != 0 && values[place] != value) {
            place = (place + 1) & mask;
        }
        return place;
    }
}
