package io.bytelm.lm.checkpoint;

/**
 * A feed-forward block that is made of experts (Shazeer et al., 2017): feed-forward blocks of which each token uses those
 * that a router gives the greatest probabilities, each times its probability.
 *
 * @param count how many a layer has
 * @param chosen how many of them a token uses
 * @param normalized whether the chosen ones' probabilities are divided by their sum
 * @param shared whether all tokens use one more, times the sigmoid of a gate of its own
 */
public record Experts(int count, int chosen, boolean normalized, boolean shared) {}
