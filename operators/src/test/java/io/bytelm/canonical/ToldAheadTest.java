package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.dist.Symbols;
import io.bytelm.service.BruteForceTrieLmService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tree that is told ahead against one that asks byte after byte. */
class ToldAheadTest {
    private static final double SAME = 1e-12;
    private static final int TOKENIZERS = 300;
    private static final int MANY = 1000;

    /** What a tree says after each byte. */
    private record Said(List<Certified> sums, List<double[]> next) {
        Said() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private record At(CanonicalTree tree, int read) {}

    private static Step<At> readOne(At at, byte[] text, boolean rows, ToldAhead told, Said said) {
        return told.advance(at.tree, new Lookahead(text, at.read, rows)).then(tree -> {
            said.sums.add(tree.logProb());
            return rows
                    ? told.predict(tree).map(predicted -> {
                        double[] logProbs = new double[Symbols.COUNT];
                        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
                            logProbs[symbol] = predicted.next().logProb(symbol);
                        }
                        said.next.add(logProbs);
                        return new At(predicted.tree(), at.read + 1);
                    })
                    : Step.done(new At(tree, at.read + 1));
        });
    }

    private static Step<At> byteByByte(At from, byte[] text, int to, boolean rows, Said said) {
        return Step.loop(from, at -> at.read < to, at -> readOne(at, text, rows, ToldAhead.NOTHING, said));
    }

    private static Step<At> toldAhead(At from, byte[] text, int to, boolean rows, int atOnce, Said said) {
        return from.tree
                .toldAhead(new KnownStretch(text, from.read, to, rows), atOnce)
                .then(told -> Step.loop(from, at -> at.read < to, at -> readOne(at, text, rows, told, said)));
    }

    private static void assertSame(Said actual, Said expected, String place) {
        assertThat(actual.sums).as(place).hasSameSizeAs(expected.sums);
        for (int i = 0; i < expected.sums.size(); i++) {
            String byteAt = place + ", byte " + i;
            Certified sum = expected.sums.get(i);
            assertThat(actual.sums.get(i).logLower()).as(byteAt).isCloseTo(sum.logLower(), within(SAME));
            assertThat(actual.sums.get(i).logUpper()).as(byteAt).isCloseTo(sum.logUpper(), within(SAME));
        }
        assertThat(actual.next).as(place).hasSameSizeAs(expected.next);
        for (int i = 0; i < expected.next.size(); i++) {
            double largest = 0;
            for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
                double logProb = expected.next.get(i)[symbol];
                double difference = Math.abs(actual.next.get(i)[symbol] - logProb);
                boolean same = actual.next.get(i)[symbol] == logProb; // minus infinity is
                largest = Math.max(largest, same ? 0 : difference);
            }
            assertThat(largest).as("%s, after byte %s", place, i).isLessThan(SAME);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsToldAheadChangesNoSumAndNoPrediction(boolean rows) {
        int evaluations = 0;
        int evaluationsAhead = 0;
        int turns = 0;
        int turnsAhead = 0;
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            byte[] text = toy.text(random, 24).getBytes(ISO_8859_1);
            double defer = random.nextInt(3) == 0 ? 0 : Math.pow(10, -3 * random.nextDouble());
            int middle = random.nextInt(text.length);
            BruteForceTrieLmService service = toy.service();
            BruteForceTrieLmService serviceAhead = toy.service();
            Said said = new Said();
            Said saidAhead = new Said();
            byteByByte(new At(toy.tree(defer), 0), text, text.length, rows, said)
                    .run(service::expandAll);
            toldAhead(new At(toy.tree(defer), 0), text, middle, rows, 1 + random.nextInt(9), saidAhead)
                    .then(at -> toldAhead(at, text, text.length, rows, MANY, saidAhead))
                    .run(serviceAhead::expandAll);
            assertSame(saidAhead, said, "seed " + seed + ", defer " + defer);
            evaluations += service.evaluations();
            evaluationsAhead += serviceAhead.evaluations();
            turns += service.batches();
            turnsAhead += serviceAhead.batches();
        }
        assertThat(evaluationsAhead).isBetween(evaluations, evaluations + evaluations / 20);
        assertThat(turnsAhead).isLessThan(turns / 2);
    }

    /** Of a stored tree it is known what was evaluated, and not what came of it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTreeThatWasStoredIsToldNoMoreThanItWouldAskFor(boolean rows) {
        int evaluations = 0;
        int evaluationsAhead = 0;
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            byte[] text = toy.text(random, 24).getBytes(ISO_8859_1);
            double defer = 0.3 * random.nextDouble() + 1e-3;
            At at = new At(toy.tree(defer), 0);
            BruteForceTrieLmService service = toy.service();
            BruteForceTrieLmService serviceAhead = toy.service();
            while (at.read < text.length) {
                int to = Math.min(text.length, at.read + 1 + random.nextInt(4));
                CanonicalTree stored = at.tree.saved().restored(toy.rules);
                Said said = new Said();
                Said saidAhead = new Said();
                toldAhead(new At(stored, at.read), text, to, rows, MANY, saidAhead)
                        .run(serviceAhead::expandAll);
                at = byteByByte(new At(stored, at.read), text, to, rows, said).run(service::expandAll);
                assertSame(saidAhead, said, "seed " + seed + ", defer " + defer);
            }
            evaluations += service.evaluations();
            evaluationsAhead += serviceAhead.evaluations();
        }
        assertThat(evaluationsAhead).isEqualTo(evaluations);
    }

    @Test
    void bytesThatBecomeKnownOneByOneCostNoMoreContextsThanReadingThem() {
        int evaluations = 0;
        int evaluationsAhead = 0;
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            byte[] text = toy.text(random, 24).getBytes(ISO_8859_1);
            BruteForceTrieLmService service = toy.service();
            BruteForceTrieLmService serviceAhead = toy.service();
            byteByByte(new At(toy.tree(0.05), 0), text, text.length, false, new Said())
                    .run(service::expandAll);
            Step.loop(
                            new At(toy.tree(0.05), 0),
                            at -> at.read < text.length,
                            at -> toldAhead(at, Arrays.copyOf(text, at.read + 1), at.read + 1, false, MANY, new Said()))
                    .run(serviceAhead::expandAll);
            evaluations += service.evaluations();
            evaluationsAhead += serviceAhead.evaluations();
        }
        assertThat(evaluationsAhead).isEqualTo(evaluations);
    }

    @Test
    void whereNothingIsDeferredAllIsAskedForAtOnce() {
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            byte[] text = toy.text(random, 30).getBytes(ISO_8859_1);
            BruteForceTrieLmService service = toy.service();
            Said said = new Said();
            toldAhead(new At(toy.tree(0), 0), text, text.length, random.nextBoolean(), MANY, said)
                    .run(service::expandAll);
            assertThat(service.batches()).as("seed %s", seed).isEqualTo(1);
            assertThat(service.requests()).as("seed %s", seed).isEqualTo(service.evaluations());
        }
    }

    @Test
    void aTextThatNoCanonicalTextBeginsWithDiesAtItsByte() {
        ToyTokenizer toy = ToyTokenizer.random(new Random(2), false);
        byte[] text = {'a', 'b', 'a', 'z', 'a'};
        At end = toy.tree(0.01)
                .toldAhead(new KnownStretch(text, 0, text.length, false), MANY)
                .then(told -> Step.loop(
                        new At(toy.tree(0.01), 0),
                        at -> at.read < text.length && !at.tree.isDead(),
                        at -> readOne(at, text, false, told, new Said())))
                .run(toy.service()::expandAll);
        assertThat(end.tree.isDead()).isTrue();
        assertThat(end.read).isEqualTo(4);
    }

    @Test
    void noMoreIsAskedAtOnceThanAllowed() {
        Random random = new Random(5);
        ToyTokenizer toy = ToyTokenizer.random(random, false);
        byte[] text = toy.text(random, 40).getBytes(ISO_8859_1);
        int[] most = {0};
        BruteForceTrieLmService service = toy.service();
        toldAhead(new At(toy.tree(0.1), 0), text, text.length, false, 3, new Said())
                .run(requests -> {
                    most[0] = Math.max(most[0], requests.size());
                    return service.expandAll(requests);
                });
        assertThat(most[0]).isEqualTo(3);
        assertThatThrownBy(() -> toy.tree(0).toldAhead(new KnownStretch(text, 0, 1, false), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KnownStretch(text, 2, 1, false)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
