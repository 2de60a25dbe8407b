package io.bytelm.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.ToyModel;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.PortableModel;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ModelsTogether;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the probability of each text by enumeration of all tokenizations of each model. */
class CombinedTextTest {
    private static final double NONE = Double.NEGATIVE_INFINITY;
    private static final BeamParams EXACT =
            new BeamParams(BeamParams.UNLIMITED, 0, new int[0], false, BeamParams.UNLIMITED, BeamParams.UNLIMITED);
    private static final Vocabulary SHORT = ToyModel.vocabulary("", "<", "a", "b", "c", "ab", "bc");
    private static final Vocabulary LONG = ToyModel.vocabulary("", "^", "a", "b", "ca", "c", "abc", "cc", "bca");
    /** No token begins with c but ca. */
    private static final Vocabulary GAPPY = ToyModel.vocabulary("", "^", "a", "b", "ca", "ab");

    private static ServiceAnswers answers(List<Vocabulary> vocabularies) {
        List<TrieLmService> services = new ArrayList<>();
        for (Vocabulary vocabulary : vocabularies) {
            services.add(new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size())));
        }
        return new ServiceAnswers(new ModelsTogether(services));
    }

    private static CombinedText begin(List<Vocabulary> vocabularies, Combination combination, ServiceAnswers answers) {
        return CombinedText.together(
                        vocabularies.stream()
                                .map(vocabulary -> ModelBeam.initial(vocabulary, EXACT))
                                .toList(),
                        combination)
                .run(answers);
    }

    /** What a model expects after a text, from the probabilities of longer ones. */
    private static NextByteDistribution enumerated(Vocabulary vocabulary, byte[] text) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, NONE);
        byte[] longer = Arrays.copyOf(text, text.length + 1);
        for (int symbol = 0; symbol < 256; symbol++) {
            longer[text.length] = (byte) symbol;
            logProbs[symbol] = ToyModel.logPrefixProbability(vocabulary, longer);
        }
        return NextByteDistribution.of(logProbs).normalize();
    }

    private static NextByteDistribution combined(List<Vocabulary> vocabularies, Combination how, byte[] text) {
        return how.of(vocabularies.stream().map(v -> enumerated(v, text)).toList());
    }

    private static void assertSame(String what, NextByteDistribution actual, NextByteDistribution expected) {
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            assertLog(what + ", symbol " + symbol, actual.logProb(symbol), expected.logProb(symbol));
        }
    }

    private static void assertLog(String what, double actual, double expected) {
        if (expected == NONE) {
            assertThat(actual).as(what).isEqualTo(expected);
        } else {
            assertThat(actual).as(what).isCloseTo(expected, within(1e-5));
        }
    }

    private static List<Combination> ofTwo() {
        return List.of(
                Combination.evenMixture(2),
                Combination.mixture(List.of(0.9, 0.1)),
                Combination.product(List.of(1.0, 1.0)),
                Combination.product(List.of(0.3, 1.2)),
                Combination.contrast(0.7));
    }

    @Test
    void theTextsOfTwoTokenizersHaveTheProbabilitiesOfTheEnumeration() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<Vocabulary> both = List.of(random.nextBoolean() ? SHORT : GAPPY, LONG);
            byte[] text = ToyModel.randomText(random, 1 + random.nextInt(5));
            for (Combination how : ofTwo()) {
                String what = "seed " + seed + ", " + how.described();
                ServiceAnswers answers = answers(both);
                CombinedText at = begin(both, how, answers);
                double expected = 0;
                for (int i = 0; i < text.length && expected > NONE; i++) {
                    NextByteDistribution next = combined(both, how, Arrays.copyOf(text, i));
                    assertSame(what, at.predict(Lookahead.NONE).run(answers).next(), next);
                    expected += next.logProb(text[i] & 0xFF);
                    at = at.advance(Lookahead.of(text, i)).run(answers);
                    assertLog(what + ", byte " + i, at.logProb(), expected);
                }
                assertLog(
                        what,
                        begin(both, how, answers)
                                .read(text, 0, text.length)
                                .run(answers)
                                .logProb(),
                        expected);
            }
        }
    }

    @Test
    void overCanonicalTokenizationsAloneTheyHaveThoseOfTheirEnumeration() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            List<ToyTokenizer> both = List.of(ToyTokenizer.random(random, false), ToyTokenizer.random(random, false));
            ServiceAnswers answers = new ServiceAnswers(new ModelsTogether(
                    both.stream().map(toy -> (TrieLmService) toy.service()).toList()));
            String text = both.get(0).text(random, 5);
            for (Combination how : ofTwo()) {
                List<ModelText> begun = new ArrayList<>();
                for (ToyTokenizer toy : both) {
                    CanonicalParams exact = CanonicalParams.exact(toy.eosTokens());
                    begun.add(new ModelTree(CanonicalTree.initial(toy.rules, exact, EosMode.WITH_EOS), 0));
                }
                CombinedText at = CombinedText.begin(begun, how);
                double expected = 0;
                for (int i = 0; i < text.length() && expected > NONE; i++) {
                    String read = text.substring(0, i);
                    NextByteDistribution next = how.of(
                            both.stream().map(toy -> canonical(toy, read)).toList());
                    String what = "seed " + seed + ", " + how.described() + ", after " + read;
                    assertSame(what, at.predict(Lookahead.NONE).run(answers).next(), next);
                    expected += how.needsDistributions()
                            ? next.logProb(text.charAt(i))
                            : mixed(both, how, read, text.charAt(i));
                    at = at.advance(Lookahead.of(text.getBytes(StandardCharsets.ISO_8859_1), i))
                            .run(answers);
                    assertLog(what, at.logProb(), expected);
                }
            }
        }
    }

    /** A mixture is of what each model gives the byte: the tokens that its tokenizer would not write have a part too. */
    private static double mixed(List<ToyTokenizer> both, Combination how, String read, char next) {
        double[] logProbs = new double[both.size()];
        boolean[] reads = new boolean[both.size()];
        for (int i = 0; i < reads.length; i++) {
            double before = both.get(i).probability(read);
            reads[i] = before > 0;
            logProbs[i] = Math.log(both.get(i).probability(read + next) / before);
        }
        return how.mixed(logProbs, reads);
    }

    private static NextByteDistribution canonical(ToyTokenizer toy, String read) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, NONE);
        for (char next : "ab".toCharArray()) {
            logProbs[next] = Math.log(toy.probability(read + next));
        }
        logProbs[Symbols.EOS] = Math.log(toy.probabilityOfWritten("", read));
        return NextByteDistribution.of(logProbs).normalize();
    }

    @Test
    void threeModelsAreCombinedToo() {
        List<Vocabulary> three = List.of(SHORT, LONG, GAPPY);
        byte[] text = "abcab".getBytes(StandardCharsets.ISO_8859_1);
        for (Combination how : List.of(
                Combination.mixture(List.of(0.2, 0.3, 0.5)),
                Combination.contrast(2),
                Combination.product(List.of(1.0, 0.5, 0.25)))) {
            ServiceAnswers answers = answers(three);
            double expected = 0;
            for (int i = 0; i < text.length; i++) {
                expected += combined(three, how, Arrays.copyOf(text, i)).logProb(text[i]);
            }
            CombinedText read =
                    begin(three, how, answers).read(text, 0, text.length).run(answers);
            assertLog(how.described(), read.logProb(), expected);
            assertSame(
                    how.described(), read.predict(Lookahead.NONE).run(answers).next(), combined(three, how, text));
        }
    }

    @Test
    void aMixtureGoesOnWithoutAModelThatHasRunDry() {
        List<Vocabulary> both = List.of(SHORT, GAPPY);
        byte[] text = "acbb".getBytes(StandardCharsets.ISO_8859_1); // GAPPY has no way to read cb
        ServiceAnswers answers = answers(both);
        CombinedText read = begin(both, Combination.evenMixture(2), answers)
                .read(text, 0, text.length)
                .run(answers);
        double expected = 0;
        for (int i = 0; i < text.length; i++) {
            expected += combined(both, Combination.evenMixture(2), Arrays.copyOf(text, i))
                    .logProb(text[i]);
        }
        assertThat(read.texts().get(1).isAlive()).isFalse();
        assertThat(read.isDead()).isFalse();
        assertLog("the text", read.logProb(), expected);
        assertSame("after it", read.predict(Lookahead.NONE).run(answers).next(), enumerated(SHORT, text));
    }

    @Test
    void aProductEndsWithTheFirstModelThatRunsDry() {
        List<Vocabulary> both = List.of(SHORT, GAPPY);
        byte[] text = "acbb".getBytes(StandardCharsets.ISO_8859_1);
        ServiceAnswers answers = answers(both);
        CombinedText read = begin(both, Combination.product(List.of(1.0, 1.0)), answers)
                .read(text, 0, text.length)
                .run(answers);
        assertThat(read.isDead()).isTrue();
        assertThat(begin(both, Combination.product(List.of(1.0, 1.0)), answers)
                        .readGiven(text, 0, text.length)
                        .run(answers)
                        .isDead())
                .isTrue();
    }

    @Test
    void whatIsGivenCountsForNothing() {
        List<Vocabulary> both = List.of(SHORT, LONG);
        byte[] text = "abca".getBytes(StandardCharsets.ISO_8859_1);
        for (Combination how : ofTwo()) {
            ServiceAnswers answers = answers(both);
            CombinedText given = begin(both, how, answers).readGiven(text, 0, 2).run(answers);
            assertThat(given.logProb()).isZero();
            double expected = combined(both, how, Arrays.copyOf(text, 2)).logProb('c')
                    + combined(both, how, Arrays.copyOf(text, 3)).logProb('a');
            assertLog(how.described(), given.read(text, 2, 4).run(answers).logProb(), expected);
        }
    }

    @Test
    void aMixtureAsksForNothingThatItsModelsAloneWouldNot() {
        byte[] text = "abcabcab".getBytes(StandardCharsets.ISO_8859_1);
        BruteForceTrieLmService alone = ToyModel.service(LONG);
        var unused = ModelBeam.initial(LONG, EXACT)
                .then(start -> start.read(text, 0, text.length))
                .run(alone::expandAll);
        BruteForceTrieLmService combined = ToyModel.service(LONG);
        ServiceAnswers answers = new ServiceAnswers(new ModelsTogether(List.of(ToyModel.service(SHORT), combined)));
        CombinedText read = begin(List.of(SHORT, LONG), Combination.evenMixture(2), answers)
                .read(text, 0, text.length)
                .run(answers);
        assertThat(read.isDead()).isFalse();
        assertThat(combined.requests()).isEqualTo(alone.requests());
    }
}
