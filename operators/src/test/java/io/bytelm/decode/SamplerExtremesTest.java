package io.bytelm.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every number that a sampler takes, up to the last double of its range, against quotients of 40 digits. */
class SamplerExtremesTest {
    private static final long SEED = 20_251_128;
    private static final int CASES = 20_000;
    private static final double NEAR = 1e-9;
    private static final double NEVER = Double.NEGATIVE_INFINITY;
    private static final BigDecimal NOTHING = BigDecimal.valueOf(-2000);
    private static final MathContext DIGITS = new MathContext(40);
    private static final double[] TEMPERATURES = {
        0,
        Double.MIN_VALUE,
        1e-320,
        Double.MIN_NORMAL,
        1e-300,
        1e-17,
        0.003,
        0.7,
        Math.nextDown(1.0),
        1,
        Math.nextUp(1.0),
        2.5,
        1e17,
        1e300,
        Double.MAX_VALUE
    };
    private static final int[] TOP_KS = {0, 1, 2, 3, 257, 258, Integer.MAX_VALUE};
    private static final double[] SHARES = {Double.MIN_VALUE, 1e-300, 1e-9, 0.1, 0.47, 0.93, Math.nextDown(1.0), 1};

    @Test
    void aProposalIsThatOfExactArithmeticForAllNumbers() {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            NextByteDistribution allowed = distribution(random);
            double temperature = TEMPERATURES[random.nextInt(TEMPERATURES.length)];
            int topK = TOP_KS[random.nextInt(TOP_KS.length)];
            double topP = SHARES[random.nextInt(SHARES.length)];
            double minP = random.nextInt(3) == 0 ? 0 : SHARES[random.nextInt(SHARES.length)];
            Sampler sampler = new Sampler(temperature, topK, topP, minP, random.nextLong());
            String what = "seed " + SEED + ", case " + i + ": " + sampler;
            double[] found = sampler.proposal(allowed);
            assertThat(Sampler.draw(found, random.nextDouble())).as(what).isBetween(0, Symbols.EOS);
            assertThat(LogSpace.logSumExp(found)).as(what).isCloseTo(0, within(NEAR));
            double[] exact = oracle(sampler, allowed.logProbs());
            for (int symbol = 0; symbol < exact.length; symbol++) {
                assertThat(Math.exp(found[symbol]))
                        .as("%s, symbol %d", what, symbol)
                        .isCloseTo(exact[symbol], within(NEAR));
            }
        }
    }

    /** Two to nine symbols; some of them equally probable, some hardly possible. */
    private static NextByteDistribution distribution(Random random) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, NEVER);
        List<Double> weights = List.of(0.0, -0.5, -1e-12, -30.0, -700.0, -random.nextDouble() * 9);
        for (int i = 2 + random.nextInt(8); i > 0; i--) {
            logProbs[random.nextInt(Symbols.COUNT)] = weights.get(random.nextInt(weights.size()));
        }
        double total = LogSpace.logSumExp(logProbs);
        return NextByteDistribution.of(
                Arrays.stream(logProbs).map(p -> LogSpace.logDivide(p, total)).toArray());
    }

    /** The definitions, one after the other. */
    private static double[] oracle(Sampler sampler, double[] logProbs) {
        int[] ranked = IntStream.range(0, logProbs.length)
                .boxed()
                .sorted(Comparator.comparingDouble(symbol -> -logProbs[symbol]))
                .mapToInt(symbol -> symbol)
                .toArray();
        BigDecimal[] logWeights = Arrays.stream(logProbs)
                .mapToObj(p -> logWeight(p, logProbs[ranked[0]], sampler.temperature()))
                .toArray(BigDecimal[]::new);
        double[] weights = new double[logProbs.length];
        for (int symbol : ranked) {
            weights[symbol] = Math.exp(logWeights[symbol].doubleValue());
        }
        int kept = sampler.temperature() == 0
                ? 1
                : sampler.topK() == 0 ? ranked.length : Math.min(sampler.topK(), ranked.length);
        Arrays.stream(ranked, kept, ranked.length).forEach(symbol -> weights[symbol] = 0);
        double wanted = sampler.topP() * Arrays.stream(weights).sum();
        double sum = 0;
        for (int rank = 0; rank < ranked.length; rank++) {
            boolean enough = rank > 0 && sampler.topP() < 1 && sum >= wanted;
            sum += weights[ranked[rank]];
            boolean tooRare = sampler.minP() > 0
                    && logWeights[ranked[rank]].compareTo(new BigDecimal(Math.log(sampler.minP()))) < 0;
            weights[ranked[rank]] = enough || tooRare ? 0 : weights[ranked[rank]];
        }
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }

    /** Relative to the most probable symbol; of the limit at temperature 0 all but the first of them are nothing. */
    private static BigDecimal logWeight(double logProb, double most, double temperature) {
        BigDecimal distance = logProb == NEVER ? NOTHING : new BigDecimal(logProb).subtract(new BigDecimal(most));
        if (temperature == 0) {
            return distance.signum() == 0 ? BigDecimal.ZERO : NOTHING;
        }
        return logProb == NEVER
                ? NOTHING
                : distance.divide(new BigDecimal(temperature), DIGITS).max(NOTHING);
    }

    @Test
    void theSmallestTemperaturesAreGreedy() {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, NEVER);
        logProbs['a'] = Math.log(0.4);
        logProbs['b'] = Math.log(0.6);
        for (double temperature : new double[] {Double.MIN_VALUE, 1e-320, 1e-308}) {
            double[] found = new Sampler(temperature, 0, 1, 0, 1).proposal(NextByteDistribution.of(logProbs));
            assertThat(found['b']).isZero();
            assertThat(Math.exp(found['a'])).isZero();
            assertThat(Sampler.draw(found, Math.nextDown(1.0))).isEqualTo('b');
        }
    }
}
