package io.bytelm.lm.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * New tokens that attend to much the same slots: to all tokens of trunks up to one of these, and to slots beside it, listed in no
 * order, of which each attends to some.
 */
final class AttentionGroup {
    final List<CachedToken> tokens = new ArrayList<>();

    /** The last token that is read as part of a trunk, as those before it are; null for none. */
    final @Nullable CachedToken trunkEnd;

    private int[] slots = new int[16];
    private int slotCount;

    AttentionGroup(@Nullable CachedToken trunkEnd) {
        this.trunkEnd = trunkEnd;
    }

    /** How many tokens are read as parts of trunks, and others of which no slots are listed. */
    int trunkTokens() {
        return trunkEnd == null ? 0 : trunkEnd.length();
    }

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
