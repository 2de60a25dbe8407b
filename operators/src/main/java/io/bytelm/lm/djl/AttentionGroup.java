package io.bytelm.lm.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** New tokens that attend to much the same slots, and the slots that any of them attends to, in no order. */
final class AttentionGroup {
    final List<CachedToken> tokens = new ArrayList<>();

    private int[] slots = new int[16];
    private int slotCount;

    void addSlot(int slot) {
        if (slotCount == slots.length) {
            slots = Arrays.copyOf(slots, 2 * slotCount);
        }
        slots[slotCount++] = slot;
    }

    int slot(int column) {
        return slots[column];
    }

    int slotCount() {
        return slotCount;
    }
}
