package io.bytelm.service;

/**
 * Whether it pays to guess how alternatives go on: which share of what is guessed meanwhile is asked for. A beam that prunes at 0.05
 * asks for three quarters, one that prunes nothing leaves most alternatives after a byte and asks for a tenth. Confined to the
 * thread that guesses.
 */
final class BranchYield {
    private static final double MIN_SHARE = 0.3;
    /** Guesses that are judged together; some of them still wait to be asked for. */
    private static final int WINDOW = 128;
    /** After a window that did not pay: so many guesses are of other kinds before it is tried again. */
    private static final int PAUSE = 8 * WINDOW;

    private long guessesBefore;
    private long usedBefore;
    private long pausedTo;

    /**
     * @param guesses how many there were since the beginning
     * @param used how many of them have been asked for
     */
    boolean pays(long guesses, long used) {
        boolean paused = guesses < pausedTo;
        if (!paused && guesses - guessesBefore < WINDOW) {
            return true;
        }
        if (!paused && used - usedBefore < MIN_SHARE * (guesses - guessesBefore)) {
            pausedTo = guesses + PAUSE;
        }
        guessesBefore = guesses;
        usedBefore = used;
        return guesses >= pausedTo;
    }
}
