package io.bytelm.dist;

import java.util.Arrays;

/**
 * Which symbol comes next: natural-log probabilities (nats) of the 258 {@link Symbols}, {@code -Infinity} where a symbol
 * cannot come. Immutable.
 */
public final class NextByteDistribution {
    private final double[] logProbs;

    private NextByteDistribution(double[] logProbs) {
        this.logProbs = logProbs;
    }

    /**
     * @param logProbs {@code [258]}, copied
     * @throws IllegalArgumentException if there are not 258, or one is NaN
     */
    public static NextByteDistribution of(double[] logProbs) {
        if (logProbs.length != Symbols.COUNT) {
            throw new IllegalArgumentException(
                    "a next-byte distribution has " + Symbols.COUNT + " symbols, not " + logProbs.length);
        }
        if (Arrays.stream(logProbs).anyMatch(Double::isNaN)) {
            throw new IllegalArgumentException("a log-probability is NaN");
        }
        return new NextByteDistribution(logProbs.clone());
    }

    /** The log-probability (nats) of a symbol: a byte as 0 to 255, {@link Symbols#EOT} or {@link Symbols#EOS}. */
    public double logProb(int symbol) {
        return logProbs[symbol];
    }

    /** All 258, a copy. */
    public double[] logProbs() {
        return logProbs.clone();
    }

    /** True if no symbol can come: the beam has run dry, or the sequence has ended. */
    public boolean isDeadEnd() {
        return Arrays.stream(logProbs).allMatch(p -> p == Double.NEGATIVE_INFINITY);
    }
}
