package io.bytelm.beam;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.Arrays;

/**
 * How the next symbol is chosen. A choice is a pure function of the distribution, the seed and the position, so that
 * repeating a step after a failure chooses the same.
 *
 * @param temperature divides the log-probabilities; 1 samples as the model does, 0 takes the most probable symbol
 * @param seed another seed gives another text
 */
public record Sampling(double temperature, long seed) {
    /** The most probable symbol, the lowest of equal ones. */
    public static final Sampling GREEDY = new Sampling(0, 0);

    private static final int DEAD_END = -1;

    /** @throws IllegalArgumentException if the temperature is negative or not finite */
    public Sampling {
        if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sampling temperature must be at least 0, got " + temperature);
        }
    }

    /** Up to {@code count} most probable bytes. */
    public static Step<Generated> greedy(Beam beam, int count) {
        return GREEDY.generate(beam, count, 0);
    }

    /** Up to {@code count} bytes drawn with their probabilities. */
    public static Step<Generated> sample(Beam beam, int count, long seed) {
        return new Sampling(1, seed).generate(beam, count, 0);
    }

    /**
     * Chooses bytes until there are {@code count}, EOS is chosen, or the beam is dead.
     *
     * @param position that of the first byte in the text: going on later at the right position gives the same text
     */
    public Step<Generated> generate(Beam beam, int count, long position) {
        return Step.loop(
                        new Progress(new Generated(new byte[0], beam), false),
                        progress -> !progress.ended() && progress.length() < count,
                        progress -> chooseNext(progress.generated(), position))
                .map(Progress::generated);
    }

    private record Progress(Generated generated, boolean ended) {
        int length() {
            return generated.bytes().length;
        }
    }

    private Step<Progress> chooseNext(Generated sofar, long position) {
        byte[] bytes = sofar.bytes();
        return sofar.beam().predict(Lookahead.NONE).then(prediction -> {
            Beam pruned = prediction.beam().prune();
            int symbol = choose(prediction.next(), position + bytes.length);
            if (symbol == DEAD_END) {
                return Step.done(new Progress(new Generated(bytes, pruned), true));
            }
            if (symbol == Symbols.EOS) {
                return pruned.advanceEos().map(beam -> new Progress(new Generated(bytes, beam), true));
            }
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            longer[bytes.length] = (byte) symbol;
            return pruned.advance(Lookahead.of(longer, bytes.length).withRows())
                    .map(beam -> new Progress(new Generated(longer, beam), beam.isDead()));
        });
    }

    /**
     * A byte, 0 to 255, or {@link Symbols#EOS}; never {@link Symbols#EOT}.
     *
     * @return -1 if nothing can follow
     */
    public int choose(NextByteDistribution distribution, long position) {
        double[] logProbs = distribution.logProbs();
        logProbs[Symbols.EOT] = Double.NEGATIVE_INFINITY;
        int best = argmax(logProbs);
        if (logProbs[best] == Double.NEGATIVE_INFINITY) {
            return DEAD_END;
        }
        return temperature == 0 ? best : draw(logProbs, logProbs[best], uniform(seed, position));
    }

    private static int argmax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Walks the cumulative distribution up to the share {@code uniform} of it. */
    private int draw(double[] logProbs, double max, double uniform) {
        double[] weights = Arrays.stream(logProbs)
                .map(p -> Math.exp((p - max) / temperature))
                .toArray();
        double rest = uniform * Arrays.stream(weights).sum();
        int last = DEAD_END;
        for (int symbol = 0; symbol < weights.length; symbol++) {
            if (weights[symbol] > 0) {
                last = symbol;
                rest -= weights[symbol];
                if (rest < 0) {
                    return symbol;
                }
            }
        }
        return last; // rounding left a little of the total over
    }

    /** In [0, 1): the splitmix64 stream of {@code seed}, at {@code position}. */
    private static double uniform(long seed, long position) {
        return (mix(mix(seed) + position * 0x9E3779B97F4A7C15L) >>> 11) * 0x1p-53;
    }

    /** The output function of splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
