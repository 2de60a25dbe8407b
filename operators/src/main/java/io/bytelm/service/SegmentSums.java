package io.bytelm.service;

import java.util.Arrays;

/**
 * The sums of a row's segments, without those of hidden tokens. Only non-negative terms are added, never a difference of
 * totals, so a rare token beside a frequent one keeps all its digits. Confined to one thread.
 */
final class SegmentSums {
    private final int[] bounds;
    private final double[] visible;
    private final double total;
    private final double eosSum;

    /**
     * @param bounds {@code [segments + 1]}, ascending; each hidden token has a segment of its own
     * @param sums {@code [segments]}
     */
    SegmentSums(int[] bounds, double[] sums, HiddenTokens hidden) {
        this.bounds = bounds;
        this.visible = sums.clone();
        this.total = sum(sums, 0, sums.length);
        double eos = 0;
        for (int position : hidden.eosPositions()) {
            eos += sums[segmentFrom(position)];
        }
        this.eosSum = eos;
        for (int position : hidden.positions()) {
            visible[segmentFrom(position)] = 0;
        }
    }

    /** All of the row, what is hidden included. */
    double total() {
        return total;
    }

    /** The sum over the EOS tokens. */
    double eosSum() {
        return eosSum;
    }

    /** The sum over positions {@code from .. to - 1}, both of them bounds, without the hidden ones. */
    double between(int from, int to) {
        return from == to ? 0 : sum(visible, segmentFrom(from), segmentFrom(to));
    }

    /** The mass of one position that has a segment of its own; 0 if it is hidden. */
    double at(int position) {
        return visible[segmentFrom(position)];
    }

    private int segmentFrom(int bound) {
        return Arrays.binarySearch(bounds, bound);
    }

    private static double sum(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }
}
