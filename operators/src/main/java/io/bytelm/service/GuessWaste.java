package io.bytelm.service;

/**
 * Whether guesses that go along with the requests of many texts pay: which share of them was asked for later. One that
 * nobody asks for costs as much as an evaluation, and one that is asked for saves a part of one. Of SmolLM2-135M's guesses
 * three quarters are asked for at the threshold 0.05, of those of the model that comes with the program half. Confined to the
 * thread that guesses.
 */
final class GuessWaste {
    private static final double MIN_SHARE = 0.5;

    /** Guesses that are judged together; some of the window before are still asked for in it. */
    private static final int WINDOW = 512;

    /** After a window that did not pay: so many requests go alone before it is tried again. */
    private static final int PAUSE = 8 * WINDOW;

    private long guessesBefore;
    private long usedBefore;
    private long pauseLeft;
    private boolean isSettled;

    /**
     * @param requests that are asked for now
     * @param guesses since the beginning
     * @param used how many of those were asked for
     */
    boolean pays(int requests, long guesses, long used) {
        if (pauseLeft > 0) {
            pauseLeft -= requests;
            isSettled = false;
            guessesBefore = guesses;
            usedBefore = used;
            return false;
        }
        long made = guesses - guessesBefore;
        if (made >= WINDOW) {
            if (isSettled && used - usedBefore < MIN_SHARE * made) {
                pauseLeft = PAUSE;
            }
            isSettled = true; // in the first window many wait to be asked for
            guessesBefore = guesses;
            usedBefore = used;
        }
        return pauseLeft <= 0;
    }
}
