package io.bytelm.lm;

import java.util.List;

/**
 * Places for rows of next-token probabilities on the device that the model computes on. A row never leaves it; only sums
 * over segments of its columns do. One thread at a time calls it, the one that calls the model; closed with the model at the latest.
 */
public interface DeviceRows extends AutoCloseable {
    /** How many rows there are places for. */
    int capacity();

    /**
     * Evaluates a batch, as {@link LanguageModel#nextTokenProbabilities} does, and puts each row into its place. May return
     * before the device has done so.
     *
     * @param contexts {@code [batch]}; at least one
     * @param places {@code [batch]}: 0 to {@link #capacity} - 1, no place twice
     * @throws ModelException if the batch cannot be evaluated; the places then hold nothing of use
     */
    void evaluate(List<TokenContext> contexts, int[] places);

    /**
     * Sums segments of rows, all of them together. Each sum adds up its own terms in double and none of another
     * segment.
     *
     * @param segments {@code [batch]}, maybe several of one row; at least one
     * @return {@code [batch][segments]}
     * @throws ModelException if the device fails
     */
    double[][] sums(List<RowSegments> segments);

    /** Frees the places. Closing again does nothing. */
    @Override
    void close();
}
