package io.bytelm.canonical;

/**
 * Between what the exact sum lies, whatever the contexts hold that have not been evaluated.
 *
 * @param logLower nats; the sum over all that has been evaluated
 * @param logUpper nats; the same where nothing was deferred
 */
public record Certified(double logLower, double logUpper) {
    /** How far apart both are (nats); 0 if both are {@code -Infinity}. */
    public double gap() {
        return logUpper == Double.NEGATIVE_INFINITY ? 0 : logUpper - logLower;
    }
}
