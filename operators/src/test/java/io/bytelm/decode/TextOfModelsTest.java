package io.bytelm.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.ToyModel;
import io.bytelm.combine.Combination;
import io.bytelm.constraint.Cursor;
import io.bytelm.dist.LogSpace;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Outputs that several models draw together, against the enumeration of all tokenizations of each of them. */
class TextOfModelsTest {
    private static final int CASES = Integer.getInteger("decoding.cases", 120);
    private static final int MAX_BYTES = 5;
    private static final double SAME = 1e-5;
    private static final double NONE = Double.NEGATIVE_INFINITY;
    private static final Vocabulary SHORT = ToyModel.vocabulary("", "<", "a", "b", "c", "ab", "!", "bc");
    private static final Vocabulary LONG = ToyModel.vocabulary("", "^", "a", "b", "!", "ca", "c", "abc", "cc");
    /** No token begins with c but ca. */
    private static final Vocabulary GAPPY = ToyModel.vocabulary("", "^", "a", "b", "ca", "ab", "!");

    static final List<Combination> OF_TWO = List.of(
            Combination.mixture(List.of(0.7, 0.3)),
            Combination.product(List.of(1.0, 0.5)),
            Combination.contrast(0.6),
            Combination.product(List.of(1.0, 0.0)));

    private int deadEnds;
    private int endings;
    private int rounds;

    private static DecodingRules rules(Random random, ToyModels models, int particles) {
        String[] regexes = {
            "[abc]{1,5}", "([abc][abc])*", "[abc]{4}", "b*[abc]", "(cb|bc|[ab]c)+", "[ab]?c{1,3}a", "abca(b|c)|c", "c!a"
        };
        Sampler sampler = new Sampler(random.nextInt(3) == 0 ? 3 : 1, 0, 1, 0, random.nextLong());
        return new DecodingRules(
                ToyDecoding.regex(regexes[random.nextInt(regexes.length)]),
                sampler,
                StopStrings.NONE,
                MAX_BYTES,
                models.prompted().hasEosTokens(),
                particles,
                0);
    }

    private static ToyModels models(Random random) {
        List<Vocabulary> both = List.of(random.nextBoolean() ? SHORT : GAPPY, LONG);
        List<Boolean> withEos = List.of(random.nextInt(3) > 0, random.nextInt(3) > 0);
        String prompt = new String(ToyModel.randomText(random, random.nextInt(3)), ISO_8859_1);
        return new ToyModels(both, withEos, OF_TWO.get(random.nextInt(OF_TWO.size())), prompt);
    }

    static String text(Draft draft) {
        return new String(draft.bytes(), ISO_8859_1);
    }

    @Test
    void whatIsDrawnFromIsTheCombinedDistributionOfWhatIsAllowed() {
        for (long seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            ToyModels models = models(random);
            DecodingRules rules = rules(random, models, 1);
            Decoding decoding = models.run(Decoding.begin(models.prompted(), rules));
            while (!decoding.hasEnded()) {
                Draft before = decoding.drafts().get(0);
                Decoding.Round round = models.run(decoding.next(rules));
                String what = "seed %d, after %s".formatted(seed, text(before));
                check(what, models.next(text(before), rules, before.cursor()), round.drawnFrom());
                decoding = round.after();
            }
            checkEnd("seed " + seed, models, rules, decoding.drafts().get(0));
        }
        assertThat(rounds).as("rounds").isGreaterThan(CASES / 2);
        assertThat(deadEnds).as("dead ends").isBetween(1, CASES / 2);
        assertThat(endings).as("ended by EOS").isGreaterThan(CASES / 20);
    }

    private void check(String what, double[] exact, @Nullable MaskedNext drawnFrom) {
        double total = LogSpace.logSumExp(exact);
        if (drawnFrom == null) {
            assertThat(total).as(what).isEqualTo(NONE);
            return;
        }
        rounds++;
        assertLog(what, drawnFrom.logMask(), total);
        for (int symbol = 0; symbol < exact.length; symbol++) {
            assertLog(
                    what + ", symbol " + symbol,
                    drawnFrom.next().logProb(symbol),
                    LogSpace.logDivide(exact[symbol], total));
        }
    }

    static void assertLog(String what, double actual, double expected) {
        if (expected == NONE) {
            assertThat(actual).as(what).isEqualTo(expected);
        } else {
            assertThat(actual).as(what).isCloseTo(expected, within(SAME));
        }
    }

    private void checkEnd(String what, ToyModels models, DecodingRules rules, Draft end) {
        assertThat(end.complete()).as(what).isTrue();
        if (end.ending() == Ending.DEAD_END) {
            deadEnds++;
            assertThat(end.logWeight()).as(what).isEqualTo(NONE);
            return;
        }
        boolean ends = rules.eosEnds();
        endings += ends ? 1 : 0;
        assertLog(what, end.logLikelihood(), models.logLikelihood(text(end), ends, rules));
    }

    @Test
    void bytesThatSomebodyElseChoseAreReadTheSameHoweverTheyAreCut() {
        int told = 0;
        for (long seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            ToyModels models = models(random);
            DecodingRules rules = rules(random, models, 1);
            byte[] output = models.run(Decoding.begin(models.prompted(), rules).then(d -> d.finish(rules)))
                    .drafts()
                    .get(0)
                    .bytes();
            Draft draft = Draft.empty(models.prompted(), rules);
            for (int from = 0; from < output.length && draft.ending() == null; ) {
                int to = from + 1 + random.nextInt(output.length - from);
                draft = models.run(draft.reading(Arrays.copyOfRange(output, from, to)));
                from = to;
                String what = "seed %d, %s".formatted(seed, text(draft));
                assertLog(what, draft.logLikelihood(), models.logLikelihood(text(draft), false, rules));
                if (draft.ending() == null) {
                    Cursor cursor = draft.cursor();
                    MaskedNext next = models.run(draft.allowed(rules)).masked();
                    check(what, models.next(text(draft), rules, cursor), next.isDeadEnd() ? null : next);
                    told++;
                }
            }
        }
        assertThat(told).isGreaterThan(CASES / 2);
    }

    @Test
    void theMeanWeightIsTheProbabilityOfTheConstraintUnderAllModelsTogether() {
        int tested = 0;
        for (long seed = 0; tested < 6; seed++) {
            Random random = new Random(seed);
            ToyModels models = models(random);
            DecodingRules rules = rules(random, models, 3);
            double exact = models.probabilityOfConstraint(rules);
            if (exact > 1e-3) {
                tested++;
                assertMean("seed " + seed, models, rules, exact);
            }
        }
    }

    /** Of many sessions; the error of the mean is at most a few standard errors. */
    private static void assertMean(String what, ToyModels models, DecodingRules rules, double exact) {
        int sessions = 150;
        double[] estimates = new double[sessions];
        ReadText prompted = models.prompted();
        for (int i = 0; i < sessions; i++) {
            DecodingRules own = new DecodingRules(
                    rules.constraint(), rules.sampler(), rules.stop(), rules.maxBytes(), rules.eosEnds(), 3, i);
            Decoding end = models.run(Decoding.begin(prompted, own).then(decoding -> decoding.finish(own)));
            estimates[i] = Math.exp(end.logConstraintProbability());
        }
        double mean = Arrays.stream(estimates).average().orElseThrow();
        double variance = Arrays.stream(estimates)
                .map(estimate -> (estimate - mean) * (estimate - mean))
                .average()
                .orElseThrow();
        double error = 4 * Math.sqrt(variance / sessions) + 1e-9 + SAME * exact;
        assertThat(mean).as(what).isCloseTo(exact, within(error));
    }

    @Test
    void aModelOfWeightOneInAMixtureWritesAsItDoesAlone() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<Vocabulary> both = List.of(SHORT, LONG);
            Combination first = Combination.mixture(List.of(1.0, 0.0));
            ToyModels models = new ToyModels(both, List.of(true, random.nextBoolean()), first, "ab");
            DecodingRules rules = rules(random, models, 1);
            Decoding together =
                    models.run(Decoding.begin(models.prompted(), rules).then(d -> d.finish(rules)));
            Decoding alone = models.run(
                    Decoding.begin(models.run(models.alone(0)), rules).then(d -> d.finish(rules)));
            Draft expected = alone.drafts().get(0);
            Draft found = together.drafts().get(0);
            assertThat(text(found)).as("seed %d", seed).isEqualTo(text(expected));
            assertLog("seed " + seed, found.logWeight(), expected.logWeight());
            assertThat(found.ending()).isEqualTo(expected.ending());
        }
    }

    @Test
    void aMixtureGoesOnWithoutAModelThatHasRunDryAndAProductDoesNot() {
        for (Combination how : List.of(Combination.evenMixture(2), Combination.product(List.of(1.0, 1.0)))) {
            ToyModels models = new ToyModels(List.of(GAPPY, LONG), List.of(false, false), how, "");
            DecodingRules rules = new DecodingRules(
                    ToyDecoding.regex("acbb"), Sampler.STANDARD, StopStrings.NONE, MAX_BYTES, false, 1, 0);
            Draft draft = models.run(Decoding.begin(models.prompted(), rules))
                    .drafts()
                    .get(0);
            boolean goesOn = how.kind() == Combination.Kind.MIXTURE;
            assertThat(draft.ending()).isEqualTo(goesOn ? Ending.COMPLETE : Ending.DEAD_END);
            assertLog("acbb", draft.logLikelihood(), goesOn ? models.logLikelihood("acbb", false, rules) : NONE);
        }
    }

    @Test
    void aTextEndsByEosOnlyWhereTheModelsTogetherCanGiveIt() {
        List<Vocabulary> both = List.of(SHORT, LONG);
        for (Combination how : OF_TWO) {
            boolean one = new ToyModels(both, List.of(true, false), how, "")
                    .prompted()
                    .hasEosTokens();
            boolean other = new ToyModels(both, List.of(false, true), how, "")
                    .prompted()
                    .hasEosTokens();
            assertThat(one).as(how.described()).isEqualTo(!how.equals(OF_TWO.get(1)));
            assertThat(other).as(how.described()).isEqualTo(how.equals(OF_TWO.get(0)));
        }
        Combination unused = Combination.mixture(List.of(0.0, 1.0));
        assertThat(new ToyModels(both, List.of(true, false), unused, "")
                        .prompted()
                        .hasEosTokens())
                .isFalse();
    }
}
