package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.Lookahead;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.canonical.CanonicalEncoding;
import io.bytelm.service.BruteForceTrieLmService;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the enumeration of all token sequences that texts are encoded as. */
class CanonicalTreeTest {
    private static final double CLOSE = 1e-9;
    private static final int TOKENIZERS = 600;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSumIsThatOverAllCanonicalTokenSequences(boolean cutting) {
        int several = 0;
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, cutting);
            String text = toy.text(random, 1 + random.nextInt(6));
            BruteForceTrieLmService service = toy.service();
            CanonicalTree tree = toy.tree(0);
            for (int length = 1; length <= text.length(); length++) {
                tree = tree.advance(known(text, length - 1, random)).run(service::expandAll);
                double expected = Math.log(toy.probability(text.substring(0, length)));
                String place = "seed " + seed + ", " + text.substring(0, length);
                assertThat(tree.logProb().logLower()).as(place).isCloseTo(expected, within(CLOSE));
                assertThat(tree.logProb().gap()).as(place).isZero();
                several += tree.contexts().size() > 2 ? 1 : 0;
            }
        }
        assertThat(several).isGreaterThan(TOKENIZERS / 4);
    }

    /** Nothing, or all, or some of what follows is known: it changes no result. */
    private static Lookahead known(String text, int at, Random random) {
        int to = at + 1 + random.nextInt(text.length() - at);
        byte[] bytes = text.substring(0, to).getBytes(ISO_8859_1);
        return random.nextBoolean() ? Lookahead.of(bytes, at).withRows() : Lookahead.of(bytes, at);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theIntervalOfADeferredSumHasTheExactOneInIt(boolean cutting) {
        int evaluations = 0;
        int exactEvaluations = 0;
        double widest = 0;
        for (long seed = 0; seed < TOKENIZERS / 2; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, cutting);
            byte[] text = toy.text(random, 12).getBytes(ISO_8859_1);
            BruteForceTrieLmService service = toy.service();
            BruteForceTrieLmService exactService = toy.service();
            CanonicalTree exact = toy.tree(0);
            CanonicalTree deferred = toy.tree(Math.pow(10, -3 * random.nextDouble()));
            for (int at = 0; at < text.length; at++) {
                exact = exact.advance(Lookahead.of(text, at)).run(exactService::expandAll);
                deferred = deferred.advance(Lookahead.of(text, at)).run(service::expandAll);
                double expected = exact.logProb().logLower();
                Certified certified = deferred.logProb();
                assertThat(certified.logLower())
                        .as("seed %s, byte %s", seed, at)
                        .isLessThanOrEqualTo(expected + CLOSE);
                assertThat(certified.logUpper())
                        .as("seed %s, byte %s", seed, at)
                        .isGreaterThanOrEqualTo(expected - CLOSE);
                widest = Math.max(widest, certified.gap());
            }
            evaluations += service.evaluations();
            exactEvaluations += exactService.evaluations();
        }
        assertThat(evaluations).isLessThan(exactEvaluations);
        assertThat(widest).isGreaterThan(0.001);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNextSymbolIsTheRatioOfPrefixProbabilities(boolean cutting) {
        for (long seed = 0; seed < TOKENIZERS / 2; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, cutting);
            String text = toy.text(random, random.nextInt(4));
            NextByteDistribution next = toy.tree(0)
                    .read(text.getBytes(ISO_8859_1))
                    .then(CanonicalTree::predict)
                    .map(CanonicalPrediction::next)
                    .run(toy.service()::expandAll);
            double end = toy.probabilityOfEnd(text);
            double total = end;
            for (char c : toy.letters.toCharArray()) {
                total += toy.probability(text + c);
            }
            for (char c : toy.letters.toCharArray()) {
                assertThat(Math.exp(next.logProb(c)))
                        .as("seed %s, %s%s", seed, text, c)
                        .isCloseTo(toy.probability(text + c) / total, within(CLOSE));
            }
            assertThat(Math.exp(next.logProb(Symbols.EOS))).as("seed %s", seed).isCloseTo(end / total, within(CLOSE));
            assertThat(next.logTotal()).isCloseTo(0, within(CLOSE));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void theEndOfATextHasTheProbabilityOfItsCanonicalTokens(double defer) {
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            String text = toy.text(random, random.nextInt(9));
            double end = toy.tree(defer)
                    .read(text.getBytes(ISO_8859_1))
                    .then(CanonicalTree::logProbOfEnd)
                    .run(toy.service()::expandAll);
            assertThat(end)
                    .as("seed %s, %s", seed, text)
                    .isCloseTo(Math.log(toy.probabilityOfEnd(text)), within(CLOSE));
        }
    }

    @Test
    void theCanonicalTokensOfATextAreThoseOfTheEncoder() {
        for (long seed = 0; seed < 3 * TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            String text = toy.text(random, random.nextInt(12));
            int[] tokens = CanonicalEncoding.of(toy.rules, text.getBytes(ISO_8859_1));
            assertThat(tokens).as("seed %s, %s", seed, text).isNotNull();
            assertThat(Arrays.stream(tokens).boxed().toList())
                    .as("seed %s, %s", seed, text)
                    .isEqualTo(toy.encode(text));
        }
    }

    @Test
    void aByteOpensAboutOneContext() {
        int evaluations = 0;
        int bytes = 0;
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, false);
            byte[] text = toy.text(random, 30).getBytes(ISO_8859_1);
            BruteForceTrieLmService service = toy.service();
            CanonicalTree tree = toy.tree(0).read(text).run(service::expandAll);
            assertThat(tree.settledTokens()).as("seed %s", seed).isGreaterThan(8);
            evaluations += service.evaluations();
            bytes += text.length;
        }
        assertThat((double) evaluations / bytes).isBetween(0.7, 1.3);
    }
}
