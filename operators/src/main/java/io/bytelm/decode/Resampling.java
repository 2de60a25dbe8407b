package io.bytelm.decode;

import io.bytelm.dist.LogSpace;

/** Draws particles again by their weights. */
final class Resampling {
    private Resampling() {}

    /** {@code (sum w)^2 / sum w^2}: Kish's effective sample size; 0 if all weights are 0. */
    static double effectiveSampleSize(double[] logWeights) {
        double logSum = LogSpace.logSumExp(logWeights);
        if (logSum == Double.NEGATIVE_INFINITY) {
            return 0;
        }
        double sumOfSquares = 0;
        for (double logWeight : logWeights) {
            double share = Math.exp(logWeight - logSum);
            sumOfSquares += share * share;
        }
        return 1 / sumOfSquares;
    }

    /**
     * Ancestors for as many particles as there are weights: one random number and equal distances, so that a particle of
     * share w gets {@code floor(n w)} or one more copies.
     *
     * @param logWeights at least one above {@code -Infinity}
     * @param uniform in [0, 1)
     * @return indexes of the weights, ascending
     */
    static int[] systematic(double[] logWeights, double uniform) {
        int count = logWeights.length;
        double logSum = LogSpace.logSumExp(logWeights);
        int[] ancestors = new int[count];
        int heaviest = 0;
        double cumulative = 0;
        int drawn = 0;
        for (int i = 0; i < count; i++) {
            heaviest = logWeights[i] > logWeights[heaviest] ? i : heaviest;
            cumulative += Math.exp(logWeights[i] - logSum);
            while (drawn < count && (drawn + uniform) / count < cumulative) {
                ancestors[drawn++] = i;
            }
        }
        while (drawn < count) {
            ancestors[drawn++] = heaviest; // rounding left a little of the total over
        }
        return ancestors;
    }
}
