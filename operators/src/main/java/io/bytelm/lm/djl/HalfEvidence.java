package io.bytelm.lm.djl;

/**
 * What is seen of a matrix in bfloat16 while it is read: enough to know, most times, that float16 holds it as {@link
 * HeldWeights#fits} asks, so that it need not be read again for that. Of 8 significant bits float16 loses none from 2^-17 to
 * 65,280, and below that at most half of its least number, 2^-25. {@link #begin} and {@link #isSufficient} are for one thread,
 * the others for any.
 */
final class HalfEvidence {
    /** The upper 16 bits of 2^-17. */
    static final int LEAST_EXACT = 0x3700;

    /** The upper 16 bits of 2^16. */
    static final int TOO_LARGE = 0x4780;

    private static final double MOST_LOST_SQUARED = 0x1p-50;

    private boolean isKnown;
    private long inexact;
    private double squares;

    /** Forgets what was seen: another matrix comes. */
    synchronized void begin() {
        isKnown = true;
        inexact = 0;
        squares = 0;
    }

    /** Values were read of which nothing was seen, or were changed or chosen afterwards. */
    synchronized void addUnknown() {
        isKnown = false;
    }

    /**
     * Adds what was seen of some of the values.
     *
     * @param moreInexact how many of them float16 may not hold exactly
     * @param moreSquares the sum of their squares, or less
     */
    synchronized void add(long moreInexact, double moreSquares) {
        inexact += moreInexact;
        squares += moreSquares;
    }

    /** Whether float16 is known to hold the matrix as well as float32 needs it; false says nothing. */
    synchronized boolean isSufficient() {
        return isKnown && inexact * MOST_LOST_SQUARED <= squares * HalfScript.NEGLIGIBLE;
    }
}
