package io.bytelm.service;

/**
 * Whether guessing pays: which share of what is asked for was guessed before. Beams with a low prune threshold ask for so
 * much else that guesses save them no pass: at threshold 0 every sixth evaluation was guessed, and a text took as many
 * passes as without. At 0.001 it is every second one, and a quarter of the passes is saved. Confined to the thread that
 * guesses.
 */
final class GuessYield {
    private static final double MIN_SHARE = 1.0 / 3;
    /** Evaluations that are judged together. */
    private static final int WINDOW = 256;
    /** After a window that did not pay: so many are evaluated without guesses before it is tried again. */
    private static final int PAUSE = 16 * WINDOW;

    private long misses;
    private long usedBefore;
    private long pauseLeft;

    /**
     * @param newMisses evaluations that are asked for now and were not guessed
     * @param used guesses that were asked for since the beginning
     */
    boolean pays(long newMisses, long used) {
        if (pauseLeft > 0) {
            pauseLeft -= newMisses;
            usedBefore = used;
            return false;
        }
        misses += newMisses;
        long hits = used - usedBefore;
        if (misses + hits >= WINDOW) {
            if (hits < MIN_SHARE * (misses + hits)) {
                pauseLeft = PAUSE;
            }
            misses = 0;
            usedBefore = used;
        }
        return pauseLeft <= 0;
    }
}
