package io.bytelm.service;

/** How many guesses are used, of those that were expected to be by their chances. Confined to the thread that guesses. */
final class GuessCalibration {
    private static final double FORGETTING = 0.99;

    /** As if so many had been expected and used before. */
    private static final double PRIOR = 4;

    /** However few are used, a guess that is certain is tried now and then. */
    private static final double LEAST = 0.1;

    private double expected;
    private double used;
    private long usedBefore;

    /**
     * Guesses go along with a pass.
     *
     * @param newlyExpected the sum of their chances
     * @param usedGuesses how many guesses have been asked for since the beginning
     */
    void guessed(double newlyExpected, long usedGuesses) {
        expected = FORGETTING * expected + newlyExpected;
        used = FORGETTING * used + usedGuesses - usedBefore;
        usedBefore = usedGuesses;
    }

    /** At most 1. */
    double usedOfExpected() {
        return Math.max(LEAST, Math.min(1, (used + PRIOR) / (expected + PRIOR)));
    }
}
