package io.bytelm.lm.batch;

/**
 * How many of those who were answered ask again soon, as far as the batches before tell: whoever waits for more waits in
 * vain. Beyond what was seen it rises slowly, so that the batch after a disappointment is not the next one, but not so slowly
 * that callers who part into halves, each answered while the other one waits, stay parted. Guarded by the line's lock.
 */
final class Returning {
    private static final double RISE = 1.0 / 32;

    private double share = 1;

    /** Of so many answers, how many are to be waited for. */
    int of(int answered) {
        return (int) Math.round(share * answered);
    }

    /**
     * Of so many who were answered, so many have come in time.
     *
     * @param answered at least 1
     * @param came more if strangers came too, negative if some who waited have gone
     */
    void observe(int answered, int came) {
        double seen = Math.min(1, (double) came / answered);
        share = Math.max(seen, came < of(answered) ? share / 2 : share + RISE * (1 - share));
    }
}
