package io.bytelm.lm.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * Groups of like size, computed in one batch: each is padded to the largest number of tokens and of slots among them.
 *
 * @param tokens the groups' tokens, one group after the other, without padding
 * @param groups how many there are
 * @param rows tokens of the largest group
 * @param columns slots of the largest group
 * @param padded {@code [groups * rows]}: for each row its index in {@code tokens}; padding repeats the group's first
 * @param unpadded {@code [tokens]}: for each token its row
 * @param slots {@code [groups * columns]}; padding repeats the group's first
 * @param mask {@code [groups, rows, columns]}: 0 where the token attends to the slot, else minus infinity
 * @param trunks {@code [3 * n]}: what groups read besides, of which they mask nothing; for each piece its group, its first slot and how
 *     many follow that one another, it included
 */
record AttentionBucket(
        List<CachedToken> tokens,
        int groups,
        int rows,
        int columns,
        long[] padded,
        long[] unpadded,
        long[] slots,
        float[] mask,
        long[] trunks) {
    private static final int SMALL_WASTE = 1024;

    /** What a bucket gathers of a layer is read again at once: more than this falls out of the processor's cache between. */
    static final int MAX_SLOTS = 2048;

    /** Where many units wait for work, a bucket is a handful of kernels more, whatever its size. */
    static final int MAX_SLOTS_ON_DEVICE = 1 << 18;

    /**
     * Batches groups so that padding never costs more than the work itself, nor than a bucket's fixed cost.
     *
     * @param maxSlots the most slots of a batch, unless one group has more
     */
    static List<List<AttentionGroup>> batch(List<AttentionGroup> groups, int maxSlots) {
        List<AttentionGroup> sorted = new ArrayList<>(groups);
        sorted.sort(Comparator.comparingInt((AttentionGroup group) -> group.tokens.size())
                .thenComparingInt(AttentionGroup::slotCount)
                .reversed());
        List<List<AttentionGroup>> batches = new ArrayList<>();
        int rows = 0;
        int columns = 0;
        for (AttentionGroup group : sorted) {
            columns = Math.max(columns, group.slotCount());
            if (batches.isEmpty()
                    || !fits(group, rows, columns)
                    || columns * (batches.get(batches.size() - 1).size() + 1) > maxSlots) {
                batches.add(new ArrayList<>());
                rows = group.tokens.size();
                columns = group.slotCount();
            }
            batches.get(batches.size() - 1).add(group);
        }
        return batches;
    }

    private static boolean fits(AttentionGroup group, int rows, int columns) {
        long padded = (long) rows * columns;
        long needed = (long) group.tokens.size() * group.slotCount();
        return padded - needed <= Math.max(needed, SMALL_WASTE);
    }

    /**
     * @param batch one of {@link #batch}
     * @param columnOfSlot scratch space, one a slot
     */
    static AttentionBucket of(List<AttentionGroup> batch, int[] columnOfSlot) {
        int rows = batch.stream().mapToInt(group -> group.tokens.size()).max().orElse(0);
        int columns = batch.stream().mapToInt(AttentionGroup::slotCount).max().orElse(0);
        int tokens = batch.stream().mapToInt(group -> group.tokens.size()).sum();
        AttentionBucket bucket = new AttentionBucket(
                new ArrayList<>(tokens),
                batch.size(),
                rows,
                columns,
                new long[batch.size() * rows],
                new long[tokens],
                new long[batch.size() * columns],
                new float[batch.size() * rows * columns],
                trunks(batch));
        Arrays.fill(bucket.mask, Float.NEGATIVE_INFINITY);
        for (int index = 0; index < batch.size(); index++) {
            bucket.fillSlots(batch.get(index), index * columns, columnOfSlot);
            bucket.fillTokens(batch.get(index), index * rows, columnOfSlot);
        }
        return bucket;
    }

    private static long[] trunks(List<AttentionGroup> batch) {
        LongStream.Builder trunks = LongStream.builder();
        for (int index = 0; index < batch.size(); index++) {
            CachedToken end = batch.get(index).trunkEnd;
            while (end != null) {
                Trunk trunk = Objects.requireNonNull(end.trunk);
                trunks.add(index).add(trunk.first.slot).add(trunk.tokensTo(end));
                end = trunk.before();
            }
        }
        return trunks.build().toArray();
    }

    /** Whether some group has fewer tokens than the largest. */
    boolean isRagged() {
        return tokens.size() < groups * rows;
    }

    private void fillSlots(AttentionGroup group, int first, int[] columnOfSlot) {
        Arrays.fill(slots, first, first + columns, group.slot(0));
        for (int column = 0; column < group.slotCount(); column++) {
            slots[first + column] = group.slot(column);
            columnOfSlot[group.slot(column)] = column;
        }
    }

    private void fillTokens(AttentionGroup group, int firstRow, int[] columnOfSlot) {
        Arrays.fill(padded, firstRow, firstRow + rows, tokens.size());
        for (int row = firstRow; row < firstRow + group.tokens.size(); row++) {
            CachedToken token = group.tokens.get(row - firstRow);
            for (CachedToken at = token; at != null && at != group.trunkEnd; at = at.parent) {
                mask[row * columns + columnOfSlot[at.slot]] = 0;
            }
            padded[row] = tokens.size();
            unpadded[tokens.size()] = row;
            tokens.add(token);
        }
        for (int row = firstRow + group.tokens.size(); row < firstRow + rows; row++) {
            mask[row * columns] = 0; // a row of padding must attend to something
        }
    }
}
