package io.bytelm.vocab.bpe;

import java.util.Arrays;

/**
 * The merges of a byte-pair encoding by their pairs of token ids, in flat arrays. A merge's rank is its place in the list,
 * and the lowest rank is merged first. Immutable, safe for any thread.
 */
public final class MergeTable {
    /** The rank of two tokens that no merge joins. */
    public static final int NONE = Integer.MAX_VALUE;

    private static final long FREE = -1;

    private final int[] results;
    private final long[] keys;
    private final int[] ranks;

    /**
     * Of a pair that is listed twice the later rank counts, as in the tokenizers library.
     *
     * @param lefts {@code [merges]}: the left token of each merge, by rank
     * @param rights {@code [merges]}: the right one
     * @param results {@code [merges]}: what both become; kept, not to be changed
     */
    public MergeTable(int[] lefts, int[] rights, int[] results) {
        this.results = results;
        int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, results.length)) << 2);
        this.keys = new long[capacity];
        this.ranks = new int[capacity];
        Arrays.fill(keys, FREE);
        for (int rank = 0; rank < results.length; rank++) {
            int slot = slot(key(lefts[rank], rights[rank]));
            keys[slot] = key(lefts[rank], rights[rank]);
            ranks[slot] = rank;
        }
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    /** Where a pair is, or would be. */
    private int slot(long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & keys.length - 1;
        while (keys[slot] != FREE && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    /** The rank at which two neighbouring tokens are merged, {@link #NONE} if they are not. */
    public int rank(int left, int right) {
        int slot = slot(key(left, right));
        return keys[slot] == FREE ? NONE : ranks[slot];
    }

    /** What the merge of a rank makes. */
    public int result(int rank) {
        return results[rank];
    }

    /** A hash of the merges and their order; the same in every JVM. */
    int fingerprint() {
        return 31 * (31 * Arrays.hashCode(keys) + Arrays.hashCode(ranks)) + Arrays.hashCode(results);
    }

    /** How many merges are listed. */
    public int size() {
        return results.length;
    }

    /** The tokens that byte-pair encoding makes of a run of symbols. */
    public int[] encode(int[] symbols) {
        return new Merging(this, symbols).run().tokens();
    }
}
