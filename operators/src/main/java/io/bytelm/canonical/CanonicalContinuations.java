package io.bytelm.canonical;

/**
 * How a text can go on with what is allowed.
 *
 * @param tree the one that knows what was asked for this: to go on, take this one
 * @param logMasses {@code [258]}: the log probability (nats) of the text and then this symbol, by what has been evaluated;
 *     {@code -Infinity} for a symbol that is not allowed. Not to be changed
 * @param logDeferred the log weight (nats) of what has not been evaluated and could go on with something allowed
 * @param end between what the log probability (nats) lies that the text ends here, if that is allowed
 */
public record CanonicalContinuations(CanonicalTree tree, double[] logMasses, double logDeferred, Certified end) {}
