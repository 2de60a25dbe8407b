package io.bytelm.lm.checkpoint;

/**
 * How a token's experts are chosen, those with the greatest scores, and weighed, by these scores.
 *
 * @param scores what becomes of a router's results
 * @param normalized whether the chosen ones' weights are divided by their sum
 * @param leastSum a smaller sum does not divide them
 * @param factor of the weights, after that
 * @param groups experts are chosen only from some of so many groups, all of one size; 1 where they are in none
 * @param chosenGroups how many groups they are chosen from: those whose two best scores have the greatest sum
 * @param corrected whether stored corrections are added to the scores, for the choice only
 * @param jitter of {@link Scores#MIXED}, 0 for others
 */
public record Routing(
        Scores scores,
        boolean normalized,
        double leastSum,
        double factor,
        int groups,
        int chosenGroups,
        boolean corrected,
        double jitter) {
    /** What becomes of a router's results. */
    public enum Scores {
        /** Probabilities of all experts. */
        SOFTMAX,
        /** Each by itself (DeepSeek-AI, 2024, "DeepSeek-V3 Technical Report"). */
        SIGMOID,
        /**
         * Two experts one after the other, each weighed by its probability among those that are left and whose results are not
         * less than the greatest by more than twice the jitter, as a share of the larger of both (Liu et al., 2024, "GRIN").
         */
        MIXED
    }

    /** Probabilities, of the chosen ones alone if they are normalized. */
    static Routing softmax(boolean normalized) {
        return new Routing(Scores.SOFTMAX, normalized, 0, 1, 1, 1, false, 0);
    }

    static Routing mixed(double jitter) {
        return new Routing(Scores.MIXED, false, 0, 1, 1, 1, false, jitter);
    }
}
