package io.bytelm.vocab.bpe;

import java.util.Arrays;

/**
 * Byte-pair encoding of one run of symbols: of all pairs of neighbours the one of the lowest rank is merged, the leftmost of
 * equals, until none is left. It keeps the order of what it did.
 */
final class Merging {
    private final MergeTable merges;
    private final int[] tokens;
    /** By token: which merge made it, -1 for a symbol. */
    private final int[] births;
    /** By token: the rank with its right neighbour. */
    private final int[] ranks;
    /** By merge, in the order in which they were done. */
    private final int[] done;

    private int count;
    private int merged;
    private int lastLeft = -1;
    private int lastRight = -1;
    private int lastLeftBirth = -1;
    private int lastRightBirth = -1;

    Merging(MergeTable merges, int[] symbols) {
        this.merges = merges;
        this.tokens = symbols.clone();
        this.count = symbols.length;
        this.births = new int[count];
        Arrays.fill(births, -1);
        this.ranks = new int[count];
        this.done = new int[count];
        for (int i = 0; i < count; i++) {
            rankAgain(i);
        }
    }

    private void rankAgain(int at) {
        ranks[at] = at + 1 < count ? merges.rank(tokens[at], tokens[at + 1]) : MergeTable.NONE;
    }

    Merging run() {
        int at = lowest();
        while (at >= 0) {
            merge(at);
            at = lowest();
        }
        return this;
    }

    private int lowest() {
        int best = -1;
        int rank = MergeTable.NONE;
        for (int i = 0; i + 1 < count; i++) {
            if (ranks[i] < rank) {
                rank = ranks[i];
                best = i;
            }
        }
        return best;
    }

    private void merge(int at) {
        lastLeft = tokens[at];
        lastRight = tokens[at + 1];
        lastLeftBirth = births[at];
        lastRightBirth = births[at + 1];
        done[merged] = ranks[at];
        tokens[at] = merges.result(ranks[at]);
        births[at] = merged++;
        int behind = count - at - 2;
        System.arraycopy(tokens, at + 2, tokens, at + 1, behind);
        System.arraycopy(births, at + 2, births, at + 1, behind);
        System.arraycopy(ranks, at + 2, ranks, at + 1, behind);
        count--;
        rankAgain(at);
        if (at > 0) {
            rankAgain(at - 1);
        }
    }

    int[] tokens() {
        return Arrays.copyOf(tokens, count);
    }

    boolean isJust(int token) {
        return count == 1 && tokens[0] == token;
    }

    /** The left part of the last merge, -1 without one. */
    int lastLeft() {
        return lastLeft;
    }

    /** The right part of the last merge, -1 without one. */
    int lastRight() {
        return lastRight;
    }

    /** The greatest rank that was merged after the left part of the last merge was there. */
    int timeFromLeft() {
        return greatestSince(lastLeftBirth);
    }

    /** The greatest rank that was merged after the right part of the last merge was there. */
    int timeFromRight() {
        return greatestSince(lastRightBirth);
    }

    private int greatestSince(int birth) {
        int greatest = -1;
        for (int i = birth + 1; i < merged; i++) {
            greatest = Math.max(greatest, done[i]);
        }
        return greatest;
    }
}
