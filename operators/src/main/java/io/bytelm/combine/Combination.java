package io.bytelm.combine;

import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How what several models expect of the next symbol becomes one distribution, symbol by symbol in log space. The end
 * symbols are combined as the bytes are; one that a model does not have has no probability there.
 *
 * <p>A model that gives the bytes so far no probability expects nothing any more. It is left out of a mixture, and the
 * weights of the others are scaled to sum to 1; in a product with a weight above 0, or as the base or the expert of a
 * contrast, it leaves nothing possible.
 *
 * @param kind how
 * @param weights of a mixture or a product, one a model, in the models' order; empty for a contrast
 * @param alpha how much a contrast counts; 0 for the other kinds
 */
public record Combination(Kind kind, List<Double> weights, double alpha) implements Serializable {
    private static final long serialVersionUID = 1;

    /** The most models that are combined. */
    public static final int MOST_MODELS = 8;

    /** The largest weight in a product, and the largest alpha. */
    public static final double LARGEST = 100;

    private static final double ROUNDING = 1e-6;

    /** How log-probabilities become one. */
    public enum Kind {
        /** The log of the weighted sum of the probabilities: the weights of all bytes are the same. */
        MIXTURE,
        /** The weighted sum of the log-probabilities, normalized. */
        PRODUCT,
        /**
         * base + alpha x (expert - anti), normalized: Liu et al., "DExperts", ACL 2021, and with the expert as the base
         * Li et al., "Contrastive Decoding", ACL 2023, without its threshold. Of three models the first is the base, the
         * second the expert, the third the anti-expert; of two the first is base and expert. Where the anti-expert gives a
         * symbol no probability there is nothing to compare it with, and the base alone counts.
         */
        CONTRAST;

        /** As the command line has it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public Combination {
        weights = List.copyOf(weights);
        if (!(alpha >= 0 && alpha <= LARGEST)) {
            throw new IllegalArgumentException("alpha must be at least 0 and at most " + LARGEST + ", got " + alpha);
        }
        if (kind == Kind.CONTRAST ? !weights.isEmpty() : weights.isEmpty() || alpha != 0) {
            throw new IllegalArgumentException("a contrast has an alpha, a mixture and a product have weights");
        }
        double most = kind == Kind.MIXTURE ? 1 : LARGEST;
        for (double weight : weights) {
            if (!(weight >= 0 && weight <= most)) {
                throw new IllegalArgumentException("the weights of a " + kind.label()
                        + " must be at least 0 and at most " + most + ", got " + weight);
            }
        }
        double sum = sum(weights);
        if (kind == Kind.MIXTURE && Math.abs(sum - 1) > ROUNDING) {
            throw new IllegalArgumentException(
                    "the weights of a mixture must sum to 1, but " + weights + " sum to " + sum);
        }
        if (kind == Kind.PRODUCT && sum == 0) {
            throw new IllegalArgumentException("at least one weight of a product must be above 0");
        }
    }

    /** The weighted sum of probabilities. */
    public static Combination mixture(List<Double> weights) {
        return new Combination(Kind.MIXTURE, weights, 0);
    }

    /** All models count alike. */
    public static Combination evenMixture(int models) {
        return mixture(Collections.nCopies(models, 1.0 / models));
    }

    /** The product of probabilities to the power of their weights. */
    public static Combination product(List<Double> weights) {
        return new Combination(Kind.PRODUCT, weights, 0);
    }

    /** base + alpha x (expert - anti). */
    public static Combination contrast(double alpha) {
        return new Combination(Kind.CONTRAST, List.of(), alpha);
    }

    /** Whether so many models can be combined in this way. */
    public boolean isOf(int models) {
        return kind == Kind.CONTRAST ? models == 2 || models == 3 : models == weights.size();
    }

    /** Whether the probability of one symbol depends on those of all the others, so that whole distributions are needed. */
    public boolean needsDistributions() {
        return kind != Kind.MIXTURE;
    }

    /**
     * The log-probability (nats) of one symbol in a mixture.
     *
     * @param logProbs of the symbol, one a model (nats)
     * @param reads one a model: whether it gives the bytes so far any probability
     */
    public double mixed(double[] logProbs, boolean[] reads) {
        double total = 0;
        double[] terms = new double[logProbs.length];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = reads[i] ? Math.log(weights.get(i)) + logProbs[i] : Double.NEGATIVE_INFINITY;
            total += reads[i] ? weights.get(i) : 0;
        }
        return LogSpace.logDivide(LogSpace.logSumExp(terms), Math.log(total));
    }

    /**
     * What all of them together expect.
     *
     * @param each what each model expects, normalized; a dead end for one that gives the bytes so far no probability
     * @return normalized; a dead end if nothing is possible
     */
    public NextByteDistribution of(List<NextByteDistribution> each) {
        double[] combined = new double[Symbols.COUNT];
        double[] column = new double[each.size()];
        boolean[] reads = new boolean[each.size()];
        for (int i = 0; i < reads.length; i++) {
            reads[i] = !each.get(i).isDeadEnd();
        }
        for (int symbol = 0; symbol < combined.length; symbol++) {
            for (int i = 0; i < column.length; i++) {
                column[i] = each.get(i).logProb(symbol);
            }
            combined[symbol] = switch (kind) {
                case MIXTURE -> mixed(column, reads);
                case PRODUCT -> multiplied(column);
                case CONTRAST -> contrasted(column);
            };
        }
        return NextByteDistribution.of(combined).normalize();
    }

    /** A weight of 0 leaves a model out, whatever it expects. */
    private double multiplied(double[] logProbs) {
        double sum = 0;
        for (int i = 0; i < logProbs.length; i++) {
            sum += weights.get(i) == 0 ? 0 : weights.get(i) * logProbs[i];
        }
        return sum;
    }

    private double contrasted(double[] logProbs) {
        double base = logProbs[0];
        double expert = logProbs[logProbs.length - 2];
        double anti = logProbs[logProbs.length - 1];
        boolean counts = alpha > 0 && anti > Double.NEGATIVE_INFINITY;
        return counts && base > Double.NEGATIVE_INFINITY ? base + alpha * (expert - anti) : base;
    }

    /**
     * Whether a symbol can have a probability though some models give it none, or have run dry.
     *
     * @param gives one a model: whether it gives the symbol any probability
     */
    public boolean isPossible(boolean[] gives) {
        return switch (kind) {
            case MIXTURE -> IntStream.range(0, gives.length).anyMatch(i -> gives[i] && weights.get(i) > 0);
            case PRODUCT -> IntStream.range(0, gives.length).allMatch(i -> gives[i] || weights.get(i) == 0);
            case CONTRAST -> {
                boolean expert = gives[gives.length - 2];
                boolean anti = gives[gives.length - 1];
                yield gives[0] && (expert || !anti || alpha == 0);
            }
        };
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(value -> value).sum();
    }

    /** In a few words, such as {@code mixture 0.5, 0.5}. */
    public String described() {
        return kind == Kind.CONTRAST
                ? "contrast, alpha " + alpha
                : kind.label() + " " + weights.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
