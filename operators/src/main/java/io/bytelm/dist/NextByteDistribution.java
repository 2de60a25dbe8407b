package io.bytelm.dist;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which symbol comes next: natural-log probabilities (nats) of the 258 {@link Symbols}, {@code -Infinity} where a symbol
 * cannot come. Immutable. What arithmetic makes of distributions need not sum to 1 until {@link #normalize}.
 *
 * <p>The operations are those that the reference (genlm-bytes) offers on its {@code Chart}, there on plain values.
 */
public final class NextByteDistribution {
    private static final int PRINTED = 10;

    private final double[] logProbs;

    private NextByteDistribution(double[] logProbs) {
        this.logProbs = logProbs;
    }

    /**
     * @param logProbs {@code [258]}, copied
     * @throws IllegalArgumentException if there are not 258, or one is NaN or {@code +Infinity}
     */
    public static NextByteDistribution of(double[] logProbs) {
        if (logProbs.length != Symbols.COUNT) {
            throw new IllegalArgumentException(
                    "a next-byte distribution has " + Symbols.COUNT + " symbols, not " + logProbs.length);
        }
        for (int symbol = 0; symbol < logProbs.length; symbol++) {
            if (!(logProbs[symbol] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "the log-probability of symbol " + symbol + " is " + logProbs[symbol]);
            }
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

    /** The {@code n} most probable symbols, best first, equals by symbol; fewer if fewer can come at all. */
    public List<SymbolLogProb> top(int n) {
        return IntStream.range(0, Symbols.COUNT)
                .filter(symbol -> logProbs[symbol] > Double.NEGATIVE_INFINITY)
                .mapToObj(symbol -> new SymbolLogProb(symbol, logProbs[symbol]))
                .sorted(Comparator.comparingDouble(SymbolLogProb::logProb).reversed()) // stable
                .limit(n)
                .toList();
    }

    /**
     * The most probable symbol, the smallest of equals.
     *
     * @throws IllegalStateException if no symbol can come
     */
    public int argmax() {
        int best = 0;
        for (int symbol = 1; symbol < logProbs.length; symbol++) {
            if (logProbs[symbol] > logProbs[best]) {
                best = symbol;
            }
        }
        if (logProbs[best] == Double.NEGATIVE_INFINITY) {
            throw new IllegalStateException("a dead end has no most probable symbol: ask isDeadEnd() before");
        }
        return best;
    }

    /** Log of the sum of all probabilities (nats): 0 if normalized, {@code -Infinity} at a dead end. */
    public double logTotal() {
        return LogSpace.logSumExp(logProbs);
    }

    /** The sum of the probabilities, symbol by symbol, not normalized: normalized it is the even mixture. */
    public NextByteDistribution sum(NextByteDistribution other) {
        return combine(other, LogSpace::logAdd);
    }

    /** The product of the probabilities, symbol by symbol, not normalized: zero where either is. */
    public NextByteDistribution product(NextByteDistribution other) {
        return combine(other, Double::sum);
    }

    /** This distribution, its probabilities summing to 1; a dead end stays one. */
    public NextByteDistribution normalize() {
        double total = logTotal();
        return new NextByteDistribution(Arrays.stream(logProbs)
                .map(logProb -> LogSpace.logDivide(logProb, total))
                .toArray());
    }

    /** Only these symbols can come; not normalized. */
    public NextByteDistribution filter(IntPredicate keeps) {
        double[] kept = logProbs.clone();
        for (int symbol = 0; symbol < kept.length; symbol++) {
            if (!keeps.test(symbol)) {
                kept[symbol] = Double.NEGATIVE_INFINITY;
            }
        }
        return new NextByteDistribution(kept);
    }

    /** This distribution and another side by side. */
    public DistributionComparison compare(NextByteDistribution other) {
        return DistributionComparison.of(this, other);
    }

    /** Shannon entropy (nats) of this distribution when normalized; 0 at a dead end. */
    public double entropy() {
        double total = logTotal();
        double entropy = 0;
        for (double logProb : logProbs) {
            if (logProb > Double.NEGATIVE_INFINITY) {
                entropy -= Math.exp(logProb - total) * (logProb - total);
            }
        }
        return Math.max(0, entropy); // the rounding of total may leave -1e-16
    }

    /** A table of the {@code n} most probable symbols, with probability and log-probability (nats). */
    public String toTable(int n) {
        StringBuilder table =
                new StringBuilder(String.format(Locale.ROOT, "%-6s %11s %12s%n", "symbol", "probability", "logProb"));
        for (SymbolLogProb entry : top(n)) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-6s %11.6f %12.6f%n",
                    Symbols.label(entry.symbol()),
                    Math.exp(entry.logProb()),
                    entry.logProb()));
        }
        return table.toString();
    }

    private NextByteDistribution combine(NextByteDistribution other, DoubleBinaryOperator operator) {
        double[] combined = new double[logProbs.length];
        for (int symbol = 0; symbol < combined.length; symbol++) {
            combined[symbol] = operator.applyAsDouble(logProbs[symbol], other.logProbs[symbol]);
        }
        return of(combined);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NextByteDistribution that && Arrays.equals(logProbs, that.logProbs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(logProbs);
    }

    /** The ten most probable symbols with their log-probabilities (nats). */
    @Override
    public String toString() {
        if (isDeadEnd()) {
            return "{dead end}";
        }
        long possible = Arrays.stream(logProbs)
                .filter(p -> p > Double.NEGATIVE_INFINITY)
                .count();
        return top(PRINTED).stream()
                .map(e -> Symbols.label(e.symbol()) + ": " + String.format(Locale.ROOT, "%.4f", e.logProb()))
                .collect(Collectors.joining(", ", "{", possible > PRINTED ? ", …}" : "}"));
    }
}
