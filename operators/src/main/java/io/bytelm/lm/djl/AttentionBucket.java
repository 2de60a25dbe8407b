package io.bytelm.lm.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Groups of like size, computed in one batch: each is padded to the largest number of tokens and of slots among them.
 *
 * @param members {@code [groups, q]}: indices of new tokens; padding repeats the group's first
 * @param slots {@code [groups, s]}; padding repeats the group's first
 * @param mask {@code [groups, q, s]}: 0 where the token attends to the slot, else minus infinity
 */
record AttentionBucket(int groups, long[] members, long[] slots, float[] mask) {
    private static final int SMALL_WASTE = 1024;

    /** Batches groups so that padding never costs more than the work itself, nor any bucket's fixed cost. */
    static List<List<AttentionGroup>> batch(List<AttentionGroup> groups) {
        List<AttentionGroup> sorted = new ArrayList<>(groups);
        sorted.sort(Comparator.comparingInt((AttentionGroup group) -> group.members.size())
                .thenComparingInt(AttentionGroup::slotCount)
                .reversed());
        List<List<AttentionGroup>> buckets = new ArrayList<>();
        int widest = 0;
        for (AttentionGroup group : sorted) {
            widest = Math.max(widest, group.slotCount());
            if (buckets.isEmpty() || !fits(group, last(buckets).get(0).members.size(), widest)) {
                buckets.add(new ArrayList<>());
                widest = group.slotCount();
            }
            last(buckets).add(group);
        }
        return buckets;
    }

    private static boolean fits(AttentionGroup group, int tokens, int slots) {
        long padded = (long) tokens * slots;
        long needed = (long) group.members.size() * group.slotCount();
        return padded - needed <= Math.max(needed, SMALL_WASTE);
    }

    private static List<AttentionGroup> last(List<List<AttentionGroup>> buckets) {
        return buckets.get(buckets.size() - 1);
    }

    /**
     * @param groups one bucket of {@link #batch}
     * @param added the pass's new tokens, each after its parent
     * @param columnOfSlot scratch space, one a slot
     */
    static AttentionBucket of(List<AttentionGroup> groups, List<CachedToken> added, int[] columnOfSlot) {
        int q = groups.stream().mapToInt(group -> group.members.size()).max().orElse(0);
        int s = groups.stream().mapToInt(AttentionGroup::slotCount).max().orElse(0);
        AttentionBucket bucket = new AttentionBucket(
                groups.size(),
                new long[groups.size() * q],
                new long[groups.size() * s],
                new float[groups.size() * q * s]);
        Arrays.fill(bucket.mask, Float.NEGATIVE_INFINITY);
        for (int g = 0; g < groups.size(); g++) {
            bucket.fillSlots(groups.get(g), g * s, s, columnOfSlot);
            bucket.fillMembers(groups.get(g), g * q, q, s, added, columnOfSlot);
        }
        return bucket;
    }

    private void fillSlots(AttentionGroup group, int at, int s, int[] columnOfSlot) {
        for (int column = 0; column < s; column++) {
            int slot = group.slot(column < group.slotCount() ? column : 0);
            slots[at + column] = slot;
            if (column < group.slotCount()) {
                columnOfSlot[slot] = column;
            }
        }
    }

    private void fillMembers(AttentionGroup group, int at, int q, int s, List<CachedToken> added, int[] columnOfSlot) {
        for (int row = 0; row < q; row++) {
            boolean padding = row >= group.members.size();
            int member = group.members.get(padding ? 0 : row);
            members[at + row] = member;
            int maskRow = (at + row) * s;
            if (padding) {
                mask[maskRow] = 0; // a row must attend to something
            }
            for (CachedToken token = padding ? null : added.get(member); token != null; token = token.parent) {
                mask[maskRow + columnOfSlot[token.slot]] = 0;
            }
        }
    }
}
