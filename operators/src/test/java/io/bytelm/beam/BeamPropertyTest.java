package io.bytelm.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BeamPropertyTest {
    private static final BeamParams EXACT =
            new BeamParams(BeamParams.UNLIMITED, 0, new int[0], false, BeamParams.UNLIMITED, BeamParams.UNLIMITED);

    @Test
    void anUnlimitedBeamSumsOverAllTokenizations() {
        int alive = 0;
        for (long seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            Vocabulary vocabulary = ToyVocabulary.random(random);
            byte[] text = ToyModel.randomText(random, 1 + random.nextInt(7));
            double logZ = Beam.initial(vocabulary.bosToken(), EXACT)
                    .read(text)
                    .run(ToyModel.service(vocabulary)::expandAll)
                    .logZ();
            double expected = ToyModel.logPrefixProbability(vocabulary, text);
            assertClose("seed " + seed, logZ, expected);
            alive += expected > Double.NEGATIVE_INFINITY ? 1 : 0;
        }
        assertThat(alive).as("texts that the vocabularies can write").isGreaterThan(50);
    }

    @Test
    void theNextByteDistributionIsTheRatioOfPrefixProbabilities() {
        int compared = 0;
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Vocabulary vocabulary = ToyVocabulary.random(random);
            byte[] text = ToyModel.randomText(random, random.nextInt(4));
            Prediction prediction = Beam.initial(vocabulary.bosToken(), EXACT)
                    .read(text)
                    .then(beam -> beam.predict(Lookahead.NONE))
                    .run(ToyModel.service(vocabulary)::expandAll);
            double logTotal = Double.NaN;
            for (char next : "abc".toCharArray()) {
                byte[] longer = Arrays.copyOf(text, text.length + 1);
                longer[text.length] = (byte) next;
                double expected = ToyModel.logPrefixProbability(vocabulary, longer);
                double actual = prediction.next().logProb(next);
                if (expected == Double.NEGATIVE_INFINITY) {
                    assertThat(actual).as("seed %s, %s", seed, next).isEqualTo(expected);
                } else if (Double.isNaN(logTotal)) {
                    logTotal = expected - actual;
                } else {
                    assertThat(expected - actual).as("seed %s, %s", seed, next).isCloseTo(logTotal, within(1e-6));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(30);
    }

    /** Look-aheads, predictions on the way, and forgotten masses change requests, never results. */
    @Test
    void resultsDoNotDependOnWhatIsKnownOrForgotten() {
        int steps = 0;
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Vocabulary vocabulary = ToyVocabulary.random(random);
            Beam start = Beam.initial(vocabulary.bosToken(), randomParams(random, vocabulary));
            if (random.nextBoolean()) {
                start = start.withMode(EosMode.WITHOUT_EOS);
            }
            byte[] text = ToyModel.randomText(random, 1 + random.nextInt(12));
            List<Prediction> expected = oneByteAtATime(start, text, ToyModel.service(vocabulary));
            List<Prediction> actual = inAnyManner(start, text, ToyModel.service(vocabulary), random);
            for (int i = 0; i < expected.size(); i++) {
                String where = "seed " + seed + ", after byte " + i;
                assertThat(actual.get(i).beam())
                        .as(where)
                        .isEqualTo(expected.get(i).beam());
                assertThat(actual.get(i).next().logProbs())
                        .as(where)
                        .containsExactly(expected.get(i).next().logProbs(), within(1e-9));
                steps += expected.get(i).beam().isDead() ? 0 : 1;
            }
        }
        assertThat(steps).as("states that were not dead").isGreaterThan(500);
    }

    private static BeamParams randomParams(Random random, Vocabulary vocabulary) {
        double[] thresholds = {0, 0, 1e-3, 0.02, 0.2};
        return new BeamParams(
                1 + random.nextInt(6),
                thresholds[random.nextInt(thresholds.length)],
                ToyVocabulary.someTokens(random, vocabulary, 3),
                random.nextInt(4) > 0,
                random.nextBoolean() ? BeamParams.UNLIMITED : random.nextInt(4),
                random.nextBoolean() ? BeamParams.UNLIMITED : random.nextInt(3));
    }

    private static List<Prediction> oneByteAtATime(Beam start, byte[] text, BruteForceTrieLmService service) {
        List<Prediction> states = new ArrayList<>();
        Beam beam = start;
        for (byte b : text) {
            beam = beam.prune().advance(new byte[] {b}, 0).run(service::expandAll);
            states.add(beam.predict(Lookahead.NONE).run(service::expandAll));
        }
        return states;
    }

    private static List<Prediction> inAnyManner(
            Beam start, byte[] text, BruteForceTrieLmService service, Random random) {
        List<Prediction> states = new ArrayList<>();
        Beam beam = start;
        int known = 0;
        for (int at = 0; at < text.length; at++) {
            known = Math.max(known, at + 1 + random.nextInt(text.length - at));
            Lookahead ahead = new Lookahead(Arrays.copyOf(text, known), at, random.nextBoolean());
            beam = beam.prune().advance(ahead).run(service::expandAll);
            Lookahead next = new Lookahead(Arrays.copyOf(text, known), at + 1, true);
            Prediction prediction = beam.predict(next).run(service::expandAll);
            states.add(prediction);
            beam = random.nextBoolean() ? prediction.beam() : beam;
            beam = random.nextInt(3) == 0 ? beam.withoutMasses() : beam;
        }
        return states;
    }

    private static void assertClose(String what, double actual, double expected) {
        if (expected == Double.NEGATIVE_INFINITY) {
            assertThat(actual).as(what).isEqualTo(expected);
        } else {
            assertThat(actual).as(what).isCloseTo(expected, within(1e-6));
        }
    }
}
