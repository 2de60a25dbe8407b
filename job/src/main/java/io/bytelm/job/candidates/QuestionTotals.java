package io.bytelm.job.candidates;

import io.bytelm.candidate.CandidateScores;
import org.jspecify.annotations.Nullable;

/**
 * Sums over the questions of a file.
 *
 * @param questions those that have an answer
 * @param rejected lines without one
 * @param candidates of all questions
 * @param withGold questions of which the right candidate is known
 * @param correct of these, those whose most probable candidate it is
 * @param correctPerByte the same by log-likelihood per byte, which does not favour short ones
 * @param goldLogProb log (nats) of the right candidates' shares in their lists, summed
 * @param truncated questions for which the model has read a shortened context
 */
public record QuestionTotals(
        long questions,
        long rejected,
        long candidates,
        long withGold,
        long correct,
        long correctPerByte,
        double goldLogProb,
        long truncated) {
    static final QuestionTotals NONE = new QuestionTotals(0, 0, 0, 0, 0, 0, 0, 0);

    /** With one more that was answered. */
    QuestionTotals plus(CandidateScores scores, @Nullable Integer gold, boolean isTruncated) {
        int right = gold == null ? CandidateScores.NONE : gold;
        boolean hasGold = gold != null;
        return new QuestionTotals(
                questions + 1,
                rejected,
                candidates + scores.size(),
                withGold + (hasGold ? 1 : 0),
                correct + (hasGold && right == scores.best() ? 1 : 0),
                correctPerByte + (hasGold && right == bestPerByte(scores) ? 1 : 0),
                goldLogProb + (hasGold ? scores.logProbs()[right] : 0),
                truncated + (isTruncated ? 1 : 0));
    }

    /** With one more that was not. */
    QuestionTotals plusRejected() {
        return new QuestionTotals(
                questions, rejected + 1, candidates, withGold, correct, correctPerByte, goldLogProb, truncated);
    }

    private static int bestPerByte(CandidateScores scores) {
        int best = CandidateScores.NONE;
        double highest = Double.NEGATIVE_INFINITY;
        for (int place = 0; place < scores.size(); place++) {
            double perByte = scores.logLikelihoods()[place] / scores.texts().get(place).length;
            if (perByte > highest) {
                best = place;
                highest = perByte;
            }
        }
        return best;
    }
}
