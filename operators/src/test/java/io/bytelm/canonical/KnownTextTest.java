package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Step;
import io.bytelm.service.BruteForceTrieLmService;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the enumeration of all token sequences, and against the tree that reads byte after byte. */
class KnownTextTest {
    private static final double CLOSE = 1e-9;
    private static final int TOKENIZERS = 400;
    private static final int[] NO_EOS = {};

    private static double[] logProbs(
            ToyTokenizer toy, BruteForceTrieLmService service, String text, int atOnce, int... places) {
        KnownText known = KnownText.follow(toy.rules, text.getBytes(ISO_8859_1), Long.MAX_VALUE, places);
        assertThat(known.isDead()).isFalse();
        return new KnownTextSum(known, toy.eosTokens(), 0, atOnce).logProbs().run(service::expandAll);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSumIsThatOverAllCanonicalTokenSequences(boolean cutting) {
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, cutting);
            String text = toy.text(random, 1 + random.nextInt(6));
            int context = random.nextInt(text.length() + 1);
            double[] sums = logProbs(toy, toy.service(), text, 1 + random.nextInt(4), context, text.length());
            String place = "seed " + seed + ", " + text;
            assertThat(sums[0])
                    .as(place)
                    .isCloseTo(Math.log(toy.probability(text.substring(0, context))), within(CLOSE));
            assertThat(sums[1]).as(place).isCloseTo(Math.log(toy.probability(text)), within(CLOSE));
        }
    }

    @Test
    void longTextsHaveTheSumOfTheTreeWithFewerEvaluations() {
        int evaluations = 0;
        int ofTrees = 0;
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            String text = toy.text(random, 60);
            BruteForceTrieLmService treeService = toy.service();
            BruteForceTrieLmService service = toy.service();
            double expected = toy.tree(0)
                    .read(text.getBytes(ISO_8859_1))
                    .run(treeService::expandAll)
                    .logProb()
                    .logLower();
            assertThat(logProbs(toy, service, text, 16, 60)[0])
                    .as("seed %s", seed)
                    .isCloseTo(expected, within(CLOSE));
            evaluations += service.evaluations();
            ofTrees += treeService.evaluations();
        }
        assertThat(evaluations).isLessThan(ofTrees * 19 / 20);
    }

    @Test
    void eosTokensAreTextInTheContextBeforeWhatCounts() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            byte[] text = toy.text(random, 12).getBytes(ISO_8859_1);
            int context = 1 + random.nextInt(11);
            CanonicalParams exact = CanonicalParams.exact(toy.eosTokens());
            CanonicalTree tree =
                    read(toy, CanonicalTree.initial(toy.rules, exact, EosMode.WITHOUT_EOS), text, 0, context);
            double before = tree.logProb().logLower();
            double after = read(toy, tree.withMode(EosMode.WITH_EOS), text, context, text.length)
                    .logProb()
                    .logLower();
            KnownText known = KnownText.follow(toy.rules, text, Long.MAX_VALUE, context, text.length);
            double[] sums = new KnownTextSum(known, toy.eosTokens(), context, 100)
                    .logProbs()
                    .run(toy.service()::expandAll);
            assertThat(sums).as("seed %s", seed).containsExactly(new double[] {before, after}, within(CLOSE));
        }
    }

    private static CanonicalTree read(ToyTokenizer toy, CanonicalTree from, byte[] text, int at, int to) {
        return from.read(Arrays.copyOfRange(text, at, to)).run(toy.service()::expandAll);
    }

    @Test
    void allContextsAreAskedForAtOnceEachAfterItsBeginning() {
        Random random = new Random(1);
        ToyTokenizer toy = ToyTokenizer.random(random, false);
        byte[] text = toy.text(random, 50).getBytes(ISO_8859_1);
        KnownText known = KnownText.follow(toy.rules, text, Long.MAX_VALUE, text.length);
        Step<double[]> step = new KnownTextSum(known, NO_EOS, 0, 1000).logProbs();
        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Ask.class,
                        ask -> assertThat(ask.requests()).hasSize(known.needed().size()));
        for (int i = 1; i < known.needed().size(); i++) {
            assertThat(known.needed().subList(0, i))
                    .contains(known.needed().get(i).parent());
        }
    }

    @Test
    void aTextThatNoCanonicalTextBeginsWithIsDeadAtItsByte() {
        ToyTokenizer toy = ToyTokenizer.random(new Random(2), false);
        byte[] text = {'a', 'b', 'a', 'z', 'a'};
        KnownText known = KnownText.follow(toy.rules, text, Long.MAX_VALUE, text.length);
        assertThat(known.isDead()).isTrue();
        assertThat(known.read()).isEqualTo(4);
        assertThat(known.needed()).isEmpty();
    }

    @Test
    void bytesAfterShortenedContextsAreCounted() {
        ToyTokenizer toy = ToyTokenizer.random(new Random(3), false);
        byte[] text = toy.text(new Random(3), 40).getBytes(ISO_8859_1);
        KnownText whole = KnownText.follow(toy.rules, text, Long.MAX_VALUE, text.length);
        KnownText cut = KnownText.follow(toy.rules, text, 4, text.length);
        assertThat(whole.truncatedAfter(0)).isZero();
        assertThat(cut.truncatedAfter(0)).isBetween(1, 38);
        assertThat(cut.truncatedAfter(39)).isEqualTo(1);
    }
}
