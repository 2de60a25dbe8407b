package io.bytelm.beam;

import static io.bytelm.beam.ToyModel.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final Vocabulary TOY = ToyModel.vocabulary("", "<s>", "a", "b", "ab", "c", "!", "bb", "<", "s", ">");

    @Test
    void greedyTakesTheMostProbableByteEachTime() {
        Beam start = Beam.initial(0, BeamParams.of(4, 0));
        Generated generated = run(Sampling.greedy(start, 12));
        assertThat(generated.bytes()).hasSize(12);
        Beam beam = start;
        for (int at = 0; at < 12; at++) {
            NextByteDistribution next = run(beam.nextByte());
            double best = Arrays.stream(next.logProbs()).max().orElseThrow();
            assertThat(next.logProb(generated.bytes()[at] & 0xFF)).isEqualTo(best);
            beam = run(beam.prune().advance(generated.bytes(), at));
        }
        assertThat(generated.beam()).isEqualTo(beam);
    }

    @Test
    void theSameSeedGivesTheSameTextAlsoWhenGoneOnLater() {
        Beam start = Beam.initial(0, BeamParams.of(4, 0));
        byte[] whole = run(Sampling.sample(start, 20, 7)).bytes();
        Generated half = run(Sampling.sample(start, 9, 7));
        Generated rest = run(new Sampling(1, 7).generate(half.beam().withoutMasses(), 11, 9));
        assertThat(Arrays.copyOf(whole, 9)).isEqualTo(half.bytes());
        assertThat(Arrays.copyOfRange(whole, 9, 20)).isEqualTo(rest.bytes());
        assertThat(run(Sampling.sample(start, 20, 8)).bytes()).isNotEqualTo(whole);
    }

    @Test
    void drawsFollowTheDistributionAndItsTemperature() {
        NextByteDistribution next = distribution(0.5, 0.3, 0.2);
        assertThat(frequency(new Sampling(1, 3), next, 'a')).isCloseTo(0.5, within(0.02));
        assertThat(frequency(new Sampling(1, 3), next, 'c')).isCloseTo(0.2, within(0.02));
        double sharpened = 0.25 / (0.25 + 0.09 + 0.04);
        assertThat(frequency(new Sampling(0.5, 3), next, 'a')).isCloseTo(sharpened, within(0.02));
        assertThat(frequency(Sampling.GREEDY, next, 'a')).isEqualTo(1);
    }

    @Test
    void theEndOfATokenIsNeverChosen() {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
        logProbs[Symbols.EOT] = Math.log(0.9);
        logProbs['q'] = Math.log(0.1);
        assertThat(frequency(new Sampling(1, 1), NextByteDistribution.of(logProbs), 'q'))
                .isEqualTo(1);
    }

    @Test
    void generationEndsWithEos() {
        BeamParams bangEnds = new BeamParams(4, 0, new int[] {5}, true, BeamParams.UNLIMITED, BeamParams.UNLIMITED);
        int ended = 0;
        for (long seed = 0; seed < 10; seed++) {
            Generated generated = run(Sampling.sample(Beam.initial(0, bangEnds), 60, seed));
            if (generated.bytes().length < 60) {
                assertThat(generated.beam().hasTerminated()).as("seed " + seed).isTrue();
                ended++;
            }
        }
        assertThat(ended).isPositive();
    }

    @Test
    void generationFromADeadBeamGivesNothing() {
        Beam dead = run(Beam.initial(0, BeamParams.of(4, 0)).read(ascii("z")));
        assertThat(dead.isDead()).isTrue();
        Generated generated = run(Sampling.greedy(dead, 5));
        assertThat(generated.bytes()).isEmpty();
        assertThat(generated.beam().isDead()).isTrue();
    }

    @Test
    void aNegativeTemperatureIsRefused() {
        assertThatThrownBy(() -> new Sampling(-1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    private static NextByteDistribution distribution(double a, double b, double c) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
        logProbs['a'] = Math.log(a);
        logProbs['b'] = Math.log(b);
        logProbs['c'] = Math.log(c);
        return NextByteDistribution.of(logProbs);
    }

    private static double frequency(Sampling sampling, NextByteDistribution next, int symbol) {
        int hits = 0;
        for (int position = 0; position < 10_000; position++) {
            hits += sampling.choose(next, position) == symbol ? 1 : 0;
        }
        return hits / 10_000.0;
    }

    private static <T> T run(Step<T> step) {
        return step.run(ToyModel.service(TOY)::expandAll);
    }
}
