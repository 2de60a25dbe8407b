package io.bytelm.service;

/**
 * Whether guesses that go along with the requests of many texts pay: whether passes with guesses take less time for each row
 * that is asked for, then or later, than passes of requests alone. One that nobody asks for costs as much as an evaluation; how much
 * one saves that is asked for depends on the model, the processor, the contexts' lengths and how many are asked for at once.
 * So it is measured: some passes go alone, and where those are cheaper guesses pause. Confined to the thread that guesses.
 */
final class GuessBenefit {
    /** Guesses that are judged together: of fewer the shares that are asked for differ much from one moment to the next. */
    private static final int WINDOW = 256;

    /** For each request of a pass; about so many guesses of a text wait to be asked for. */
    private static final int WINDOW_OF_A_TEXT = 32;

    /** Of what was measured in the window before, and then in those before it, so much counts again. */
    private static final double REMEMBERED = 0.7;

    /** Each so many-th pass goes alone, so that its cost stays known. */
    private static final int ALONE_EVERY = 16;

    /** What is measured differs by less from one moment to the next. */
    private static final double CLEARLY_MORE = 1.1;

    /** In requests; after each window that did not pay it is twice as long. */
    private static final int SHORTEST_PAUSE = 8 * WINDOW;

    private static final int LONGEST_PAUSE = 32 * SHORTEST_PAUSE;

    /** By the octave of how many requests they have. */
    private final AloneCost[] alone = new AloneCost[Integer.SIZE];

    private double withRequests;
    private double withNanos;
    private double wouldTakeAloneNanos;
    private double used;
    private int windowGuesses;
    private long usedBefore;
    private boolean isSettled;
    private int passes;
    private int pause = SHORTEST_PAUSE;
    private long pauseLeft;

    GuessBenefit() {
        for (int octave = 0; octave < alone.length; octave++) {
            alone[octave] = new AloneCost();
        }
    }

    /** What passes without guesses took of late. */
    private static final class AloneCost {
        private static final double FORGETTING = 0.8;
        /** The first ones are not fast yet. */
        private static final int FEWEST = 4;

        private double requests;
        private double nanos;
        private int passes;

        void add(int newRequests, long tookNanos) {
            requests = FORGETTING * requests + newRequests;
            nanos = FORGETTING * nanos + tookNanos;
            passes++;
        }

        boolean isKnown() {
            return passes >= FEWEST;
        }

        double nanosPerRequest() {
            return nanos / requests;
        }
    }

    /** Whether guesses should go along with the next pass, of so many requests. */
    boolean pays(int requests) {
        if (pauseLeft > 0) {
            pauseLeft -= requests;
            return false;
        }
        return cost(requests).isKnown() && ++passes % ALONE_EVERY != 0;
    }

    /** A pass of at least one request has gone alone. */
    void tookAlone(int requests, long tookNanos) {
        cost(requests).add(requests, tookNanos);
    }

    /**
     * Guesses have gone along.
     *
     * @param usedGuesses how many guesses have been asked for since the beginning
     */
    void tookWithGuesses(int requests, int guesses, long tookNanos, long usedGuesses) {
        if (!cost(requests).isKnown()) {
            return;
        }
        withRequests += requests;
        withNanos += tookNanos;
        wouldTakeAloneNanos += requests * cost(requests).nanosPerRequest();
        windowGuesses += guesses;
        if (windowGuesses >= Math.max(WINDOW, WINDOW_OF_A_TEXT * requests)) {
            judge(usedGuesses);
        }
    }

    private void judge(long usedGuesses) {
        used += usedGuesses - usedBefore;
        usedBefore = usedGuesses;
        windowGuesses = 0;
        if (!isSettled) {
            isSettled = true; // in the first window many wait to be asked for
            remember(0);
            return;
        }
        double nanosPerUsed = withNanos / (withRequests + used);
        if (nanosPerUsed > CLEARLY_MORE * wouldTakeAloneNanos / withRequests) {
            pauseLeft = pause;
            pause = Math.min(LONGEST_PAUSE, 2 * pause);
            isSettled = false;
            remember(0);
        } else {
            pause = SHORTEST_PAUSE;
            remember(REMEMBERED);
        }
    }

    private void remember(double share) {
        withRequests *= share;
        withNanos *= share;
        wouldTakeAloneNanos *= share;
        used *= share;
    }

    private AloneCost cost(int requests) {
        return alone[Integer.SIZE - Integer.numberOfLeadingZeros(requests)];
    }
}
