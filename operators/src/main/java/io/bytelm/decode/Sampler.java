package io.bytelm.decode;

import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How a symbol is drawn from those that the constraint allows. Applied in this order: temperature, top-k, top-p, min-p.
 *
 * @param temperature divides the log-probabilities; 1 draws as the model does, 0 takes the most probable symbol, and the
 *     smallest numbers above 0 one of the most probable ones
 * @param topK only the so many most probable symbols; 0 for all
 * @param topP only the most probable symbols that together have this share; 1 for all
 * @param minP only symbols with at least this share of the most probable one's probability; 0 for all
 * @param seed another seed gives another output
 */
public record Sampler(double temperature, int topK, double topP, double minP, long seed) {
    /** As the model does. */
    public static final Sampler STANDARD = new Sampler(1, 0, 1, 0, 0);

    /** The most probable symbol, the lowest of equal ones. */
    public static final Sampler GREEDY = new Sampler(0, 0, 1, 0, 0);

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public Sampler {
        if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the temperature must be at least 0 and finite, got " + temperature);
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k must be at least 1, or 0 for all, got " + topK);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p must be more than 0 and at most 1, got " + topP);
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException("min-p must be from 0 to 1, got " + minP);
        }
    }

    /**
     * The distribution that is drawn from: log-probabilities (nats), {@code [258]}, normalized.
     *
     * @param allowed normalized, at least one symbol possible
     */
    double[] proposal(NextByteDistribution allowed) {
        double[] logProbs = allowed.logProbs();
        if (temperature == 0) {
            return pointMass(allowed.argmax());
        }
        if (temperature != 1) {
            sharpen(logProbs);
        }
        if (topK > 0 || topP < 1) {
            truncate(logProbs, mostProbableFirst(allowed.logProbs()));
        }
        dropImprobable(logProbs);
        return normalized(logProbs);
    }

    /** The symbol up to which the probabilities, in the order of the symbols, sum to more than {@code uniform}. */
    static int draw(double[] logProbs, double uniform) {
        double rest = uniform;
        int last = -1;
        for (int symbol = 0; symbol < logProbs.length; symbol++) {
            if (logProbs[symbol] > Double.NEGATIVE_INFINITY) {
                last = symbol;
                rest -= Math.exp(logProbs[symbol]);
                if (rest < 0) {
                    return symbol;
                }
            }
        }
        return last; // rounding left a little of the total over
    }

    /**
     * Relative to the most probable symbol, whose 0 no temperature changes: the quotients of the others may overflow, and
     * then have no probability that a double could hold.
     */
    private void sharpen(double[] logProbs) {
        double most = Arrays.stream(logProbs).max().orElseThrow();
        for (int symbol = 0; symbol < logProbs.length; symbol++) {
            logProbs[symbol] = (logProbs[symbol] - most) / temperature;
        }
    }

    private static double[] pointMass(int symbol) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
        logProbs[symbol] = 0;
        return logProbs;
    }

    /** The symbols by their probabilities before any temperature, which may have made some of them equal. */
    private static int[] mostProbableFirst(double[] logProbs) {
        return IntStream.range(0, logProbs.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer symbol) -> -logProbs[symbol])) // stable
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private void truncate(double[] logProbs, int[] best) {
        int kept = topK > 0 ? Math.min(topK, best.length) : best.length;
        double[] heads =
                Arrays.stream(best, 0, kept).mapToDouble(s -> logProbs[s]).toArray();
        double wanted = topP * Math.exp(LogSpace.logSumExp(heads));
        double sum = 0;
        for (int rank = 0; rank < best.length; rank++) {
            if (rank >= kept || (rank > 0 && topP < 1 && sum >= wanted)) {
                logProbs[best[rank]] = Double.NEGATIVE_INFINITY;
            } else {
                sum += Math.exp(logProbs[best[rank]]);
            }
        }
    }

    private void dropImprobable(double[] logProbs) {
        if (minP > 0) {
            double least = Math.log(minP);
            double most = Arrays.stream(logProbs).max().orElseThrow();
            for (int symbol = 0; symbol < logProbs.length; symbol++) {
                if (logProbs[symbol] - most < least) {
                    logProbs[symbol] = Double.NEGATIVE_INFINITY;
                }
            }
        }
    }

    private static double[] normalized(double[] logProbs) {
        double total = LogSpace.logSumExp(logProbs);
        for (int symbol = 0; symbol < logProbs.length; symbol++) {
            logProbs[symbol] = LogSpace.logDivide(logProbs[symbol], total);
        }
        return logProbs;
    }
}
