package io.bytelm.record;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The part of a next-byte distribution that a record lists: the most probable symbols first, among equals the lower
 * number first. Much smaller than the distribution where few are listed, which counts when every byte is emitted.
 *
 * @param symbols {@code [n]} numbers of {@link Symbols}; not to be changed
 * @param logProbs {@code [n]} their log-probabilities (nats); not to be changed
 */
public record NextSymbols(int[] symbols, double[] logProbs) {
    /** @throws IllegalArgumentException if the two differ in length */
    public NextSymbols {
        if (symbols.length != logProbs.length) {
            throw new IllegalArgumentException(symbols.length + " symbols but " + logProbs.length + " probabilities");
        }
    }

    /**
     * Picks from a distribution.
     *
     * @param count how many; 258 lists all symbols, a smaller number leaves out the impossible ones
     */
    public static NextSymbols top(NextByteDistribution next, int count) {
        int[] symbols = new int[Math.min(count, Symbols.COUNT)];
        double[] logProbs = new double[symbols.length];
        int size = 0;
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            double logProb = next.logProb(symbol);
            if (symbols.length < Symbols.COUNT && logProb == Double.NEGATIVE_INFINITY) {
                continue;
            }
            int at = size;
            while (at > 0 && logProbs[at - 1] < logProb) {
                at--;
            }
            if (at == symbols.length) {
                continue;
            }
            int moved = Math.min(size, symbols.length - 1) - at;
            System.arraycopy(symbols, at, symbols, at + 1, moved);
            System.arraycopy(logProbs, at, logProbs, at + 1, moved);
            symbols[at] = symbol;
            logProbs[at] = logProb;
            size = Math.min(size + 1, symbols.length);
        }
        return new NextSymbols(Arrays.copyOf(symbols, size), Arrays.copyOf(logProbs, size));
    }

    /** How many symbols are listed. */
    public int size() {
        return symbols.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NextSymbols that
                && Arrays.equals(symbols, that.symbols)
                && Arrays.equals(logProbs, that.logProbs);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(symbols) + Arrays.hashCode(logProbs);
    }

    @Override
    public String toString() {
        return "NextSymbols" + Arrays.toString(symbols) + Arrays.toString(logProbs);
    }
}
