package io.bytelm.canonical;

import io.bytelm.dist.NextByteDistribution;

/**
 * What comes next.
 *
 * @param tree the one that knows the masses that were asked for: to go on, take this one
 * @param next the distribution over the 258 symbols, normalized, by what has been evaluated
 * @param logDeferred the log weight (nats) of what has not been; {@code -Infinity} if that is nothing
 */
public record CanonicalPrediction(CanonicalTree tree, NextByteDistribution next, double logDeferred) {}
