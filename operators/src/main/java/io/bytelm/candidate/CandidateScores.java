package io.bytelm.candidate;

import io.bytelm.dist.LogSpace;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How probable each candidate is, in the order of their list. Its arrays are not to be changed.
 *
 * @param texts the candidates
 * @param logLikelihoods log P (nats) of each after the text before it, its end included where that was asked for;
 *     {@code -Infinity} for one that cannot come
 * @param endLogProbs log P (nats) that the text ends after each; null where that was not asked for
 * @param longestContext the longest context, in tokens, that any of these was computed from
 */
public record CandidateScores(
        List<byte[]> texts, double[] logLikelihoods, double @Nullable [] endLogProbs, int longestContext) {
    /** What {@link #best} says where no candidate can come. */
    public static final int NONE = -1;

    /** @throws IllegalArgumentException if the numbers are not as many as the candidates */
    public CandidateScores(
            List<byte[]> texts, double[] logLikelihoods, double @Nullable [] endLogProbs, int longestContext) {
        boolean fit =
                logLikelihoods.length == texts.size() && (endLogProbs == null || endLogProbs.length == texts.size());
        if (!fit) {
            throw new IllegalArgumentException(texts.size() + " candidates, but other numbers of log-likelihoods");
        }
        this.texts = List.copyOf(texts);
        this.logLikelihoods = logLikelihoods;
        this.endLogProbs = endLogProbs;
        this.longestContext = longestContext;
    }

    /** How many candidates there are. */
    public int size() {
        return texts.size();
    }

    /** Log (nats) of the share of each in the probability of all of the list; {@code -Infinity} where it cannot come. */
    public double[] logProbs() {
        double total = LogSpace.logSumExp(logLikelihoods);
        return Arrays.stream(logLikelihoods)
                .map(logLikelihood -> LogSpace.logDivide(logLikelihood, total))
                .toArray();
    }

    /** One more than the number of candidates that are more probable, for each. */
    public int[] ranks() {
        double[] ascending = logLikelihoods.clone();
        Arrays.sort(ascending);
        int[] ranks = new int[size()];
        for (int place = 0; place < ranks.length; place++) {
            ranks[place] = 1 + above(ascending, logLikelihoods[place]);
        }
        return ranks;
    }

    private static int above(double[] ascending, double value) {
        int from = 0;
        int to = ascending.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (ascending[middle] > value) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return ascending.length - from;
    }

    /** The most probable candidate, counted from 0, the first of several; {@link #NONE} if none can come. */
    public int best() {
        int best = NONE;
        for (int place = 0; place < size(); place++) {
            boolean isPossible = logLikelihoods[place] > Double.NEGATIVE_INFINITY;
            if (isPossible && (best == NONE || logLikelihoods[place] > logLikelihoods[best])) {
                best = place;
            }
        }
        return best;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CandidateScores that
                && CandidateList.areSame(texts, that.texts)
                && Arrays.equals(logLikelihoods, that.logLikelihoods)
                && Arrays.equals(endLogProbs, that.endLogProbs)
                && longestContext == that.longestContext;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.deepHashCode(texts.toArray()) + Arrays.hashCode(logLikelihoods);
    }
}
