package io.bytelm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NextByteDistributionTest {
    private static final double NONE = Double.NEGATIVE_INFINITY;
    private static final NextByteDistribution DEAD_END = of(Map.of());
    private static final NextByteDistribution HALVES = of(Map.of((int) 'a', 0.5, (int) 'b', 0.25, Symbols.EOS, 0.25));

    @Test
    void topListsTheMostProbableFirstAndEqualsBySymbol() {
        assertThat(HALVES.top(2))
                .containsExactly(new SymbolLogProb('a', Math.log(0.5)), new SymbolLogProb('b', Math.log(0.25)));
    }

    @Test
    void topLeavesOutWhatCannotCome() {
        assertThat(HALVES.top(258)).hasSize(3);
        assertThat(DEAD_END.top(5)).isEmpty();
    }

    @Test
    void argmaxIsTheSmallestOfTheMostProbable() {
        assertThat(HALVES.argmax()).isEqualTo('a');
        assertThat(of(Map.of(Symbols.EOS, 0.4, 7, 0.4, 9, 0.2)).argmax()).isEqualTo(7);
        assertThatThrownBy(DEAD_END::argmax).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sumAddsProbabilities() {
        NextByteDistribution sum = HALVES.sum(of(Map.of((int) 'a', 0.25, (int) 'c', 0.75)));

        assertProbability(sum, 'a', 0.75);
        assertProbability(sum, 'b', 0.25);
        assertProbability(sum, 'c', 0.75);
        assertProbability(sum, Symbols.EOS, 0.25);
        assertProbability(sum, Symbols.EOT, 0);
        assertProbability(sum.normalize(), 'c', 0.375);
    }

    @Test
    void productMultipliesProbabilities() {
        NextByteDistribution product = HALVES.product(of(Map.of((int) 'a', 0.5, (int) 'b', 0.25, (int) 'c', 0.25)));

        assertProbability(product, 'a', 0.25);
        assertProbability(product, 'b', 0.0625);
        assertProbability(product, 'c', 0);
        assertProbability(product, Symbols.EOS, 0);
        assertProbability(product.normalize(), 'a', 0.8);
    }

    @Test
    void filterKeepsTheProbabilitiesOfWhatItKeeps() {
        NextByteDistribution filtered = HALVES.filter(symbol -> symbol != 'a');

        assertProbability(filtered, 'a', 0);
        assertProbability(filtered, 'b', 0.25);
        assertProbability(filtered.normalize(), 'b', 0.5);
    }

    @Test
    void comparisonGivesBothSidesAndTheirDifference() {
        DistributionComparison comparison = HALVES.compare(of(Map.of((int) 'a', 0.25, (int) 'b', 0.25)));

        assertThat(comparison.rows()).hasSize(Symbols.COUNT);
        DistributionComparison.Row a = comparison.rows().get('a');
        assertThat(a.left()).isEqualTo(Math.log(0.5));
        assertThat(a.right()).isEqualTo(Math.log(0.25));
        assertThat(a.difference()).isCloseTo(Math.log(2), within(1e-15));
        assertThat(comparison.rows().get('b').difference()).isZero();
        assertThat(comparison.rows().get('c').difference())
                .as("possible in neither")
                .isZero();
        assertThat(comparison.rows().get(Symbols.EOS).difference())
                .as("possible in one")
                .isInfinite();
        assertThat(comparison.largestDifference()).isInfinite();
        assertThat(comparison.toTable(2).lines())
                .containsExactly(
                        "symbol         left        right   difference",
                        "EOS       -1.386294    -Infinity     Infinity",
                        "a         -0.693147    -1.386294    6.931e-01");
    }

    @Test
    void entropyIsThatOfTheNormalizedDistribution() {
        assertThat(HALVES.entropy()).isCloseTo(1.5 * Math.log(2), within(1e-15));
        assertThat(HALVES.filter(symbol -> symbol != 'a').entropy()).isCloseTo(Math.log(2), within(1e-15));
        assertThat(of(Map.of(65, 1.0)).entropy()).isZero();
        assertThat(DEAD_END.entropy()).isZero();
    }

    @Test
    void aDeadEndStaysOne() {
        assertThat(DEAD_END.normalize().isDeadEnd()).isTrue();
        assertThat(DEAD_END.product(HALVES).isDeadEnd()).isTrue();
        assertThat(DEAD_END.sum(HALVES)).isEqualTo(HALVES);
        assertThat(DEAD_END).hasToString("{dead end}");
    }

    @Test
    void printsItselfReadably() {
        NextByteDistribution odd =
                of(Map.of(10, 0.5, (int) ' ', 0.25, (int) '\\', 0.125, 0xFF, 0.0625, Symbols.EOS, 0.0625));

        assertThat(odd).hasToString("{\\x0a: -0.6931, ␣: -1.3863, \\\\: -2.0794, \\xff: -2.7726, EOS: -2.7726}");
        assertThat(odd.toTable(2).lines())
                .containsExactly(
                        "symbol probability      logProb",
                        "\\x0a      0.500000    -0.693147",
                        "␣         0.250000    -1.386294");
        assertThat(Symbols.label(Symbols.EOT)).isEqualTo("EOT");
        assertThatThrownBy(() -> Symbols.label(258)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNoDistributionIsRefused() {
        assertThatThrownBy(() -> NextByteDistribution.of(new double[257]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a next-byte distribution has 258 symbols, not 257");
        assertThatThrownBy(() -> NextByteDistribution.of(filled(Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the log-probability of symbol 0 is NaN");
        assertThatThrownBy(() -> NextByteDistribution.of(filled(Double.POSITIVE_INFINITY)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nobodyCanChangeIt() {
        double[] given = filled(-1);
        NextByteDistribution distribution = NextByteDistribution.of(given);
        given[0] = 0;
        distribution.logProbs()[1] = 0;

        assertThat(distribution.logProbs()).containsOnly(-1);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void arithmeticAgreesWithPlainProbabilities(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            NextByteDistribution a = randomDistribution(random);
            NextByteDistribution b = randomDistribution(random);
            NextByteDistribution sum = a.sum(b);
            NextByteDistribution product = a.product(b);
            NextByteDistribution mixture = sum.normalize();
            for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
                double p = Math.exp(a.logProb(symbol));
                double q = Math.exp(b.logProb(symbol));
                assertProbability(sum, symbol, p + q);
                assertProbability(product, symbol, p * q);
            }
            assertThat(mixture.logTotal()).isCloseTo(0, within(1e-12));
            assertThat(mixture.entropy()).isBetween(0.0, Math.log(Symbols.COUNT) + 1e-12);
            assertThat(sum).isEqualTo(b.sum(a));
            assertThat(a.compare(a).largestDifference()).isZero();
            assertThat(mixture.argmax()).isEqualTo(mixture.top(1).get(0).symbol());
        }
    }

    private static NextByteDistribution randomDistribution(Random random) {
        double[] logProbs = new double[Symbols.COUNT];
        for (int symbol = 0; symbol < logProbs.length; symbol++) {
            logProbs[symbol] = random.nextInt(3) == 0 ? NONE : -30 * random.nextDouble();
        }
        return NextByteDistribution.of(logProbs).normalize();
    }

    private static NextByteDistribution of(Map<Integer, Double> probabilities) {
        double[] logProbs = filled(NONE);
        probabilities.forEach((symbol, probability) -> logProbs[symbol] = Math.log(probability));
        return NextByteDistribution.of(logProbs);
    }

    private static double[] filled(double value) {
        double[] values = new double[Symbols.COUNT];
        Arrays.fill(values, value);
        return values;
    }

    private static void assertProbability(NextByteDistribution distribution, int symbol, double expected) {
        assertThat(Math.exp(distribution.logProb(symbol)))
                .as("probability of %s", Symbols.label(symbol))
                .isCloseTo(expected, within(1e-12 * expected));
    }
}
