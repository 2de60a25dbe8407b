package io.bytelm.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.dist.Symbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random constraints, vocabularies and models that rule out most tokens, against the sum over all tokenizations. */
class MaskedPruningTest {
    private static final int CASES = 800;
    private static final int MAX_BYTES = 9;
    private static final double SAME = 1e-6;

    private int rounds;
    private int deadEnds;
    private int healings;

    private static Constraint constraint(Random random) {
        String[] regexes = {
            "[abc]{1,6}", "(ab|ca|bb)+c?", "a*b{2}[ac]*", "(abc|acb|bca|cab)+", "b?(a[bc]){1,3}", "c+(ab)*"
        };
        if (random.nextBoolean()) {
            return ToyDecoding.regex(regexes[random.nextInt(regexes.length)]);
        }
        List<String> choices = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            StringBuilder choice = new StringBuilder("\"");
            random.ints(1 + random.nextInt(7), 0, 3).forEach(c -> choice.append("abc".charAt(c)));
            choices.add(choice.append('"').toString());
        }
        return ToyDecoding.constraint(ConstraintKind.CHOICES, choices.toString());
    }

    private static DecodingRules rules(Random random, SparseModel model, double temperature) {
        Sampler sampler = new Sampler(temperature, 0, 1, 0, random.nextLong());
        return new DecodingRules(constraint(random), sampler, StopStrings.NONE, MAX_BYTES, model.withEos(), 1, 0);
    }

    @Test
    void anOutputIsADeadEndOnlyWhereNothingAllowedHasAnyProbability() {
        double[] thresholds = {0, 1e-9, 0.001, 0.05, 0.3, 0.9, Math.nextDown(1.0)};
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            SparseModel model = new SparseModel(seed);
            DecodingRules rules = rules(random, model, random.nextBoolean() ? 1 : 4);
            int width = 1 + random.nextInt(3);
            double threshold = thresholds[random.nextInt(thresholds.length)];
            String what = "seed %d, K %d, threshold %s".formatted(seed, width, threshold);
            Decoding decoding = model.run(Decoding.begin(model.written(width, threshold), rules));
            byte[] known = {};
            int drawn = 0;
            while (!decoding.hasEnded()) {
                known = decoding.drafts().get(0).bytes();
                Decoding.Round round = model.run(decoding.next(rules));
                drawn = round.drawnFrom() == null ? 0 : 1;
                decoding = round.after();
            }
            healings += model.healings();
            checkEnd(what, model, rules, decoding.drafts().get(0), known.length + drawn);
        }
        assertThat(deadEnds).as("dead ends").isBetween(CASES / 20, CASES * 3 / 4);
        assertThat(healings).as("healings").isGreaterThan(CASES / 20);
    }

    /** @param known how many of its bytes were drawn, or forced before the last one that was drawn */
    private void checkEnd(String what, SparseModel model, DecodingRules rules, Draft end, int known) {
        byte[] bytes = end.bytes();
        assertThat(end.complete()).as(what).isTrue();
        if (end.ending() != Ending.DEAD_END) {
            double exact = model.withEos() ? model.probabilityOfAll(bytes) : model.probability(bytes);
            assertThat(Math.exp(end.logLikelihood())).as(what).isPositive().isLessThan(exact * (1 + SAME));
            return;
        }
        deadEnds++;
        byte[] forced = withForced(rules, Arrays.copyOf(bytes, known));
        double possible = model.probability(forced) == 0 ? 0 : allowedProbability(model, rules, forced);
        assertThat(possible).as(what).isZero();
    }

    private static byte[] withForced(DecodingRules rules, byte[] bytes) {
        int forced = rules.forcedByte(after(rules, bytes), bytes.length);
        if (forced < 0) {
            return bytes;
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = (byte) forced;
        return withForced(rules, longer);
    }

    private static Cursor after(DecodingRules rules, byte[] bytes) {
        Cursor cursor = rules.constraint().start();
        for (byte next : bytes) {
            cursor = Draft.stepped(cursor, next & 0xFF);
        }
        return cursor;
    }

    private static double allowedProbability(SparseModel model, DecodingRules rules, byte[] bytes) {
        return Arrays.stream(allowed(model, rules, bytes)).sum();
    }

    /** The exact probability of each allowed symbol after these bytes, with theirs. */
    private static double[] allowed(SparseModel model, DecodingRules rules, byte[] bytes) {
        Cursor cursor = after(rules, bytes);
        ByteSet live = rules.live(cursor, bytes.length);
        double[] allowed = new double[Symbols.COUNT];
        for (int next = live.nextMember(0); next >= 0; next = live.nextMember(next + 1)) {
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            longer[bytes.length] = (byte) next;
            allowed[next] = model.probability(longer);
        }
        allowed[Symbols.EOS] = rules.mayEnd(cursor) ? model.probabilityOfAll(bytes) : 0;
        return allowed;
    }

    @Test
    void whatIsDroppedHasLittleOfWhatIsAllowedHoweverImprobableAllOfThatIs() {
        double threshold = 0.001;
        int improbable = 0;
        for (int seed = 0; seed < CASES / 4; seed++) {
            SparseModel model = new SparseModel(seed);
            DecodingRules rules = rules(new Random(seed), model, 4);
            Decoding decoding = model.run(Decoding.begin(model.written(100_000, 0), rules));
            while (!decoding.hasEnded()) {
                Draft draft = decoding.drafts().get(0);
                Draft.Allowed all = model.run(draft.allowed(rules));
                Draft.Allowed kept = model.run(pruning(draft, threshold).allowed(rules));
                double mostDropped = threshold
                        * ((BeamText.WaysOfBeam) all.ways()).found().ways().size();
                if (mostDropped < 0.5) { // of so many tokenizations most may have less than the threshold
                    double logAll = all.masked().logMask();
                    assertThat(kept.masked().logMask())
                            .as("seed %d", seed)
                            .isBetween(logAll + Math.log1p(-mostDropped) - SAME, logAll + SAME);
                    improbable += logAll < Math.log(0.01) ? 1 : 0;
                }
                decoding = model.run(decoding.next(rules)).after();
            }
        }
        assertThat(improbable).as("rounds in which little is allowed").isGreaterThan(20);
    }

    /** The same draft, whose beam has dropped nothing yet and drops what is below this threshold from here on. */
    private static Draft pruning(Draft exact, double threshold) {
        Beam all = ((BeamText) exact.text()).beam();
        BeamParams params = all.params();
        BeamParams pruning = new BeamParams(
                params.width(),
                threshold,
                params.eosTokens(),
                params.heal(),
                params.healMaxBackoff(),
                params.healMaxSplits());
        Beam beam = new Beam(all.hypotheses(), pruning, all.mode());
        return new Draft(
                new BeamText(beam),
                exact.cursor(),
                exact.bytes(),
                exact.logProposal(),
                exact.logWeightBase(),
                exact.ending());
    }

    @Test
    void withoutPruningWhatIsDrawnFromIsTheModelsOwnDistribution() {
        for (int seed = 0; seed < CASES / 4; seed++) {
            SparseModel model = new SparseModel(seed);
            DecodingRules rules = rules(new Random(seed), model, 1);
            Decoding decoding = model.run(Decoding.begin(model.written(100_000, 0), rules));
            while (!decoding.hasEnded()) {
                byte[] bytes = decoding.drafts().get(0).bytes();
                Decoding.Round round = model.run(decoding.next(rules));
                check("seed " + seed, model, bytes, allowed(model, rules, bytes), round.drawnFrom());
                decoding = round.after();
            }
            Draft end = decoding.drafts().get(0);
            if (end.ending() != Ending.DEAD_END) {
                double exact = model.withEos() ? model.probabilityOfAll(end.bytes()) : model.probability(end.bytes());
                assertThat(Math.exp(end.logLikelihood())).as("seed %d", seed).isCloseTo(exact, within(exact * SAME));
            }
        }
        assertThat(rounds).as("rounds").isGreaterThan(CASES / 4);
    }

    private void check(String what, SparseModel model, byte[] bytes, double[] exact, @Nullable MaskedNext drawnFrom) {
        double total = Arrays.stream(exact).sum();
        if (drawnFrom == null) {
            assertThat(total).as(what).isZero();
            return;
        }
        rounds++;
        assertThat(Math.exp(drawnFrom.logMask())).as(what).isCloseTo(total / model.probability(bytes), within(SAME));
        for (int symbol = 0; symbol < exact.length; symbol++) {
            assertThat(Math.exp(drawnFrom.next().logProb(symbol)))
                    .as("%s, symbol %d", what, symbol)
                    .isCloseTo(exact[symbol] / total, within(SAME));
        }
    }
}
