package io.bytelm.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CombinationTest {
    private static final double NONE = Double.NEGATIVE_INFINITY;
    private static final NextByteDistribution NOTHING = of();

    /** Probabilities of a, b, c and so on. */
    private static NextByteDistribution of(double... probabilities) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, NONE);
        for (int i = 0; i < probabilities.length; i++) {
            logProbs['a' + i] = Math.log(probabilities[i]);
        }
        return NextByteDistribution.of(logProbs);
    }

    private static void assertProbabilities(NextByteDistribution actual, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.exp(actual.logProb('a' + i))).isCloseTo(expected[i], within(1e-12));
        }
        assertThat(actual.logTotal()).isCloseTo(0, within(1e-12));
    }

    @Test
    void aMixtureIsTheWeightedSumOfProbabilities() {
        NextByteDistribution mixed =
                Combination.mixture(List.of(0.75, 0.25)).of(List.of(of(0.8, 0.2, 0), of(0.4, 0, 0.6)));
        assertProbabilities(mixed, 0.7, 0.15, 0.15);
    }

    @Test
    void aModelThatExpectsNothingIsLeftOutOfAMixture() {
        Combination three = Combination.mixture(List.of(0.5, 0.3, 0.2));
        assertProbabilities(three.of(List.of(NOTHING, of(1, 0), of(0, 1))), 0.6, 0.4);
        assertThat(three.of(List.of(NOTHING, NOTHING, NOTHING)).isDeadEnd()).isTrue();
        assertThat(Combination.mixture(List.of(1.0, 0.0))
                        .of(List.of(NOTHING, of(1)))
                        .isDeadEnd())
                .isTrue();
    }

    @Test
    void aProductIsTheNormalizedProductOfPowers() {
        NextByteDistribution even =
                Combination.product(List.of(1.0, 1.0)).of(List.of(of(0.5, 0.25, 0.25), of(0.2, 0.8, 0)));
        assertProbabilities(even, 1.0 / 3, 2.0 / 3, 0);
        NextByteDistribution squared = Combination.product(List.of(2.0, 0.0)).of(List.of(of(0.75, 0.25), NOTHING));
        assertProbabilities(squared, 0.9, 0.1);
        assertThat(Combination.product(List.of(1.0, 1.0))
                        .of(List.of(of(1, 0), of(0, 1)))
                        .isDeadEnd())
                .isTrue();
    }

    @Test
    void aContrastRaisesWhatTheExpertExpectsMoreThanTheAntiExpert() {
        NextByteDistribution base = of(0.5, 0.3, 0.2);
        NextByteDistribution expert = of(0.6, 0.2, 0.2);
        NextByteDistribution anti = of(0.3, 0.4, 0.3);
        double a = 0.5 * Math.pow(2, 1.5);
        double b = 0.3 * Math.pow(0.5, 1.5);
        double c = 0.2 * Math.pow(2.0 / 3, 1.5);
        assertProbabilities(
                Combination.contrast(1.5).of(List.of(base, expert, anti)),
                a / (a + b + c),
                b / (a + b + c),
                c / (a + b + c));
        double d = 0.6 * 2;
        double e = 0.2 * 0.5;
        double f = 0.2 * 2 / 3;
        assertProbabilities(
                Combination.contrast(1).of(List.of(expert, anti)), d / (d + e + f), e / (d + e + f), f / (d + e + f));
    }

    @Test
    void whereTheAntiExpertExpectsNothingTheBaseAloneCounts() {
        NextByteDistribution expert = of(0.5, 0.5);
        assertProbabilities(Combination.contrast(1).of(List.of(expert, of(1, 0))), 1.0 / 3, 2.0 / 3);
        assertProbabilities(Combination.contrast(1).of(List.of(expert, NOTHING)), 0.5, 0.5);
        assertProbabilities(Combination.contrast(0).of(List.of(expert, of(1, 0))), 0.5, 0.5);
        assertThat(Combination.contrast(1).of(List.of(NOTHING, expert)).isDeadEnd())
                .isTrue();
        assertThat(Combination.contrast(1).of(List.of(expert, NOTHING, expert)).isDeadEnd())
                .isTrue();
    }

    @Test
    void endsAreCombinedAsBytesAre() {
        double[] ends = new double[Symbols.COUNT];
        Arrays.fill(ends, NONE);
        ends[Symbols.EOS] = Math.log(0.5);
        ends['a'] = Math.log(0.5);
        List<NextByteDistribution> both = List.of(NextByteDistribution.of(ends), of(1));
        assertThat(Combination.evenMixture(2).of(both).logProb(Symbols.EOS)).isCloseTo(Math.log(0.25), within(1e-12));
        assertThat(Combination.product(List.of(1.0, 1.0)).of(both).logProb(Symbols.EOS))
                .isEqualTo(NONE);
    }

    @Test
    void numbersOutOfTheirRangeAreNamed() {
        assertThatThrownBy(() -> Combination.mixture(List.of(0.5, 0.4)))
                .hasMessageContaining("sum to 1")
                .hasMessageContaining("0.9");
        assertThatThrownBy(() -> Combination.mixture(List.of(1.5, -0.5))).hasMessageContaining("1.5");
        assertThatThrownBy(() -> Combination.product(List.of(1.0, Double.NaN))).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Combination.product(List.of(0.0, 0.0))).hasMessageContaining("above 0");
        assertThatThrownBy(() -> Combination.contrast(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> Combination.contrast(Double.POSITIVE_INFINITY)).hasMessageContaining("Infinity");
        assertThat(Combination.contrast(1).isOf(1)).isFalse();
        assertThat(Combination.evenMixture(3).isOf(2)).isFalse();
    }
}
