package io.bytelm.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
    private static final double SAME = 1e-12;

    /** 0.4, 0.3, 0.2, 0.1 for d, c, b, a. */
    private static NextByteDistribution distribution() {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
        for (int i = 1; i <= 4; i++) {
            logProbs['a' + i - 1] = Math.log(i / 10.0);
        }
        return NextByteDistribution.of(logProbs);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 1, 0, 0.1, 0.2, 0.3, 0.4",
        "0, 0, 1, 0, 0, 0, 0, 1",
        "0.5, 0, 1, 0, 0.03333333333333, 0.13333333333333, 0.3, 0.53333333333333",
        "1, 2, 1, 0, 0, 0, 0.42857142857143, 0.57142857142857",
        "1, 0, 0.7, 0, 0, 0, 0.42857142857143, 0.57142857142857",
        "1, 0, 0.71, 0, 0, 0.22222222222222, 0.33333333333333, 0.44444444444444",
        "1, 0, 1, 0.5, 0, 0.22222222222222, 0.33333333333333, 0.44444444444444",
        "1, 3, 0.5, 0, 0, 0, 0.42857142857143, 0.57142857142857",
        "1, 0, 0.01, 0, 0, 0, 0, 1",
        "1, 9, 1, 1, 0, 0, 0, 1"
    })
    void optionsShapeTheDistribution(
            double temperature, int topK, double topP, double minP, double a, double b, double c, double d) {
        double[] logQ = new Sampler(temperature, topK, topP, minP, 0).proposal(distribution());
        double[] expected = {a, b, c, d};
        for (int i = 0; i < 4; i++) {
            assertThat(Math.exp(logQ['a' + i])).isCloseTo(expected[i], within(1e-9));
        }
        assertThat(Arrays.stream(logQ).map(Math::exp).sum()).isCloseTo(1, within(SAME));
    }

    @Test
    void drawsFollowTheDistribution() {
        double[] logQ = Sampler.STANDARD.proposal(distribution());
        CounterRandom random = new CounterRandom(5, 6);
        int[] counts = new int[Symbols.COUNT];
        int draws = 40_000;
        for (int position = 0; position < draws; position++) {
            counts[Sampler.draw(logQ, random.uniform(0, position))]++;
        }
        assertThat(counts['a'] / (double) draws).isCloseTo(0.1, within(0.01));
        assertThat(counts['d'] / (double) draws).isCloseTo(0.4, within(0.01));
        assertThat(counts['a'] + counts['b'] + counts['c'] + counts['d']).isEqualTo(draws);
    }

    @Test
    void theEdgesOfTheUnitIntervalDrawTheFirstAndTheLast() {
        double[] logQ = Sampler.STANDARD.proposal(distribution());
        assertThat(Sampler.draw(logQ, 0)).isEqualTo('a');
        assertThat(Sampler.draw(logQ, Math.nextDown(1.0))).isEqualTo('d');
    }

    @Test
    void randomNumbersDependOnEverythingTheyAreFor() {
        double one = new CounterRandom(1, 2).uniform(3, 4);
        assertThat(new CounterRandom(1, 2).uniform(3, 4)).isEqualTo(one);
        assertThat(new CounterRandom(2, 2).uniform(3, 4)).isNotEqualTo(one);
        assertThat(new CounterRandom(1, 3).uniform(3, 4)).isNotEqualTo(one);
        assertThat(new CounterRandom(1, 2).uniform(4, 4)).isNotEqualTo(one);
        assertThat(new CounterRandom(1, 2).uniform(3, 5)).isNotEqualTo(one);
    }

    @ParameterizedTest
    @CsvSource({"-1,0,1,0", "NaN,0,1,0", "1,-1,1,0", "1,0,0,0", "1,0,1.1,0", "1,0,1,-0.1", "1,0,1,NaN"})
    void numbersOutOfRangeAreRefused(double temperature, int topK, double topP, double minP) {
        assertThatThrownBy(() -> new Sampler(temperature, topK, topP, minP, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void systematicResamplingGivesEachItsShare() {
        double[] logWeights = {Math.log(0.5), Double.NEGATIVE_INFINITY, Math.log(0.25), Math.log(0.25)};
        assertThat(Resampling.systematic(logWeights, 0.3)).containsExactly(0, 0, 2, 3);
        assertThat(Resampling.effectiveSampleSize(logWeights)).isCloseTo(1 / 0.375, within(SAME));
        assertThat(Resampling.effectiveSampleSize(new double[] {Double.NEGATIVE_INFINITY}))
                .isZero();
        double[] skewed = {Math.log(0.1), Math.log(0.9)};
        assertThat(Resampling.systematic(skewed, 0.1)).containsExactly(0, 1);
        assertThat(Resampling.systematic(skewed, 0.3)).containsExactly(1, 1);
    }
}
