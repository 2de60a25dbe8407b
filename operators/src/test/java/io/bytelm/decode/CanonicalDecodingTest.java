package io.bytelm.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.canonical.Certified;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Outputs of random toy tokenizers under random constraints, against the enumeration of all canonical token sequences. */
class CanonicalDecodingTest {
    private static final int CASES = Integer.getInteger("decoding.cases", 250);
    private static final double SAME = 1e-6;

    private int rounds;
    private int deadEnds;
    private int withSpecials;

    @Test
    void whatIsDrawnFromIsTheModelsOwnDistributionOfWhatIsAllowed() {
        for (long seed = 0; seed < CASES; seed++) {
            ToyWriting writing = new ToyWriting(new Random(seed), 1);
            Decoding decoding = writing.run(Decoding.begin(writing.prompted(0), writing.rules));
            while (!decoding.hasEnded()) {
                String text = ToyWriting.text(decoding.drafts().get(0));
                Decoding.Round round = writing.run(decoding.next(writing.rules));
                check("seed %d, %s|%s".formatted(seed, writing.prompt, text), writing, text, round.drawnFrom());
                decoding = round.after();
            }
            checkEnd("seed " + seed, writing, decoding.drafts().get(0));
            withSpecials += writing.toy.hasSpecials() ? 1 : 0;
        }
        assertThat(rounds).as("rounds").isGreaterThan(CASES);
        assertThat(deadEnds).as("dead ends").isBetween(CASES / 100, CASES / 2);
        assertThat(withSpecials).as("with special tokens").isGreaterThan(CASES / 8);
    }

    private void check(String what, ToyWriting writing, String text, @Nullable MaskedNext drawnFrom) {
        double[] exact = writing.allowed(text);
        double total = Arrays.stream(exact).sum();
        if (drawnFrom == null) {
            assertThat(total).as(what).isZero();
            return;
        }
        rounds++;
        assertThat(Math.exp(drawnFrom.logMask()))
                .as(what)
                .isCloseTo(total / writing.probability(text, false), within(SAME));
        for (int symbol = 0; symbol < exact.length; symbol++) {
            assertThat(Math.exp(drawnFrom.next().logProb(symbol)))
                    .as("%s, symbol %d", what, symbol)
                    .isCloseTo(exact[symbol] / total, within(SAME));
        }
    }

    private void checkEnd(String what, ToyWriting writing, Draft end) {
        String text = ToyWriting.text(end);
        assertThat(end.complete()).as(what).isTrue();
        assertThat(text.length()).as(what).isLessThanOrEqualTo(ToyWriting.MAX_BYTES);
        double exact = writing.probability(text, writing.hasReadEos(end));
        if (end.ending() == Ending.DEAD_END) {
            deadEnds++;
            assertThat(end.logWeight()).as(what).isEqualTo(Double.NEGATIVE_INFINITY);
            return;
        }
        assertThat(Math.exp(end.logLikelihood())).as(what).isCloseTo(exact, within(exact * SAME));
        assertThat(end.text().logProb().gap()).as(what).isZero();
    }

    @Test
    void whatMayFollowBytesThatSomebodyElseChoseIsTheSameHoweverTheyAreCut() {
        int told = 0;
        for (long seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            ToyWriting writing = new ToyWriting(random, 1);
            Draft draft = Draft.empty(writing.prompted(0), writing.rules);
            byte[] output = writing.decode(0).drafts().get(0).bytes();
            for (int from = 0; from < output.length && draft.ending() == null; ) {
                int to = from + 1 + random.nextInt(output.length - from);
                draft = writing.run(draft.reading(Arrays.copyOfRange(output, from, to)));
                from = to;
                String text = new String(output, 0, to, ISO_8859_1);
                String what = "seed %d, %s|%s".formatted(seed, writing.prompt, text);
                double exact = writing.probability(text, false);
                if (draft.ending() != null) {
                    assertThat(exact).as(what).isZero();
                } else {
                    assertThat(Math.exp(draft.logLikelihood())).as(what).isCloseTo(exact, within(exact * SAME));
                    MaskedNext next = writing.run(draft.allowed(writing.rules)).masked();
                    check(what, writing, text, next.isDeadEnd() ? null : next);
                    told++;
                }
            }
        }
        assertThat(told).isGreaterThan(CASES);
    }

    @Test
    void theMeanWeightIsTheProbabilityOfTheConstraint() {
        int tested = 0;
        for (long seed = 0; tested < 6; seed++) {
            ToyWriting writing = new ToyWriting(new Random(seed), 3);
            double exact = writing.probabilityOfConstraint();
            if (exact > 1e-4) {
                tested++;
                assertMean("seed " + seed, writing, 0, exact, exact);
                assertMean("seed " + seed, writing, 0.2, 0, exact);
            }
        }
    }

    /** Of many sessions; the error of the mean is at most a few standard errors. */
    private static void assertMean(String what, ToyWriting writing, double defer, double least, double most) {
        int sessions = 400;
        double[] estimates = new double[sessions];
        ReadText prompted = writing.prompted(defer);
        for (int i = 0; i < sessions; i++) {
            DecodingRules rules = writing.rules;
            DecodingRules own = new DecodingRules(
                    rules.constraint(), rules.sampler(), rules.stop(), rules.maxBytes(), rules.eosEnds(), 3, i);
            Decoding end = writing.run(Decoding.begin(prompted, own).then(decoding -> decoding.finish(own)));
            estimates[i] = Math.exp(end.logConstraintProbability());
        }
        double mean = Arrays.stream(estimates).average().orElseThrow();
        double variance = Arrays.stream(estimates)
                .map(estimate -> (estimate - mean) * (estimate - mean))
                .average()
                .orElseThrow();
        double error = 4 * Math.sqrt(variance / sessions) + 1e-9 + 1e-6 * most;
        assertThat(mean).as(what + ", defer " + defer).isBetween(least - error, most + error);
    }

    @Test
    void theTruthLiesBetweenBothEndsWhereContextsAreDeferred() {
        double widest = 0;
        int evaluations = 0;
        int exactEvaluations = 0;
        for (long seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            ToyWriting writing = new ToyWriting(new Random(seed), 1);
            ToyWriting exactly = new ToyWriting(new Random(seed), 1);
            Draft end = writing.decode(Math.pow(10, -2 * random.nextDouble()))
                    .drafts()
                    .get(0);
            exactly.decode(0);
            String text = ToyWriting.text(end);
            assertThat(end.complete()).as("seed %d", seed).isTrue();
            evaluations += writing.service.evaluations();
            exactEvaluations += exactly.service.evaluations();
            if (end.ending() != Ending.DEAD_END) {
                double exact = Math.log(writing.probability(text, writing.hasReadEos(end)));
                Certified known = end.text().logProb();
                assertThat(exact)
                        .as("seed %d, %s|%s", seed, writing.prompt, text)
                        .isBetween(known.logLower() - SAME, known.logUpper() + SAME);
                widest = Math.max(widest, known.gap());
            }
        }
        assertThat(widest).isGreaterThan(0.001);
        assertThat(evaluations).isLessThan(exactEvaluations);
    }

    @Test
    void deferringMakesNoDeadEndWhereSomethingAllowedHasAProbability() {
        for (long seed = 0; seed < CASES; seed++) {
            ToyWriting writing = new ToyWriting(new Random(seed), 1);
            Decoding decoding = writing.run(Decoding.begin(writing.prompted(0.9), writing.rules));
            while (!decoding.hasEnded()) {
                String text = ToyWriting.text(decoding.drafts().get(0));
                Decoding.Round round = writing.run(decoding.next(writing.rules));
                double allowed = Arrays.stream(writing.allowed(text)).sum();
                assertThat(round.drawnFrom() == null)
                        .as("seed %d, %s|%s", seed, writing.prompt, text)
                        .isEqualTo(allowed == 0);
                decoding = round.after();
            }
        }
    }

    @Test
    void aTextThatIsStoredAfterEachRoundGoesOnAsIfItHadNotBeen() {
        for (long seed = 0; seed < CASES / 2; seed++) {
            Random random = new Random(seed);
            double defer = random.nextBoolean() ? 0 : random.nextDouble();
            ToyWriting writing = new ToyWriting(new Random(seed), 1 + random.nextInt(3));
            Decoding whole = writing.decode(defer);
            Decoding stored = writing.run(Decoding.begin(writing.prompted(defer), writing.rules));
            while (!stored.hasEnded()) {
                stored = writing.run(restored(stored).next(writing.rules)).after();
            }
            for (int i = 0; i < whole.drafts().size(); i++) {
                Draft expected = whole.drafts().get(i);
                Draft found = stored.drafts().get(i);
                assertThat(ToyWriting.text(found)).as("seed %d", seed).isEqualTo(ToyWriting.text(expected));
                assertThat(found.text().logProb())
                        .as("seed %d", seed)
                        .isEqualTo(expected.text().logProb());
                assertThat(found.logWeight()).as("seed %d", seed).isEqualTo(expected.logWeight());
            }
        }
    }

    private static Decoding restored(Decoding decoding) {
        return new Decoding(
                decoding.drafts().stream().map(CanonicalDecodingTest::restored).toList(),
                decoding.rounds(),
                decoding.logEvidence());
    }

    private static Draft restored(Draft draft) {
        TreeText text = (TreeText) draft.text();
        TreeText again = new TreeText(
                text.tree().saved().restored(text.tree().heads().rules()), text.logProb(), text.longestContext());
        return new Draft(
                again, draft.cursor(), draft.bytes(), draft.logProposal(), draft.logWeightBase(), draft.ending());
    }
}
