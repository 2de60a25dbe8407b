package io.bytelm.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.beam.Beam;
import io.bytelm.beam.EosMode;
import io.bytelm.constraint.AnyBytes;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.source.ConstraintKind;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What is drawn, where it ends, and that nothing depends on how it is computed. */
class DecodingTest {
    private static final double SAME = 1e-9;
    private final ToyDecoding toy = new ToyDecoding(false);

    private static Sampler seeded(long seed) {
        return new Sampler(1, 0, 1, 0, seed);
    }

    private Draft only(DecodingRules rules) {
        return toy.decode(rules).drafts().get(0);
    }

    private static Beam beamOf(Draft draft) {
        return ((BeamText) draft.text()).beam();
    }

    private static DecodingRules withStop(DecodingRules rules, String... stops) {
        List<byte[]> strings =
                List.of(stops).stream().map(s -> s.getBytes(ISO_8859_1)).toList();
        return new DecodingRules(
                rules.constraint(), rules.sampler(), new StopStrings(strings), rules.maxBytes(), rules.eosEnds(), 1, 0);
    }

    private static DecodingRules within(DecodingRules rules, int maxBytes) {
        return new DecodingRules(rules.constraint(), rules.sampler(), rules.stop(), maxBytes, rules.eosEnds(), 1, 0);
    }

    private static Offset<Double> byAtMost(double offset) {
        return Offset.offset(offset);
    }

    @Test
    void anOutputSatisfiesItsConstraintAndEndsWhenNothingCanFollow() {
        Constraint constraint = ToyDecoding.regex("(ab|ca){2}[ab]{3}");
        for (int seed = 0; seed < 50; seed++) {
            Draft draft = only(toy.rules(constraint, seeded(seed)));
            assertThat(ToyDecoding.text(draft)).as("seed %d", seed).matches("(ab|ca){2}[ab]{3}");
            assertThat(draft.ending()).isEqualTo(Ending.COMPLETE);
            assertThat(draft.complete()).isTrue();
        }
    }

    @Test
    void theByteBudgetLeavesEveryOutputComplete() {
        Constraint constraint = ToyDecoding.regex("(a(bc)*ca)+");
        for (int budget = 3; budget < 14; budget++) {
            for (int seed = 0; seed < 20; seed++) {
                Draft draft = only(within(toy.rules(constraint, seeded(seed)), budget));
                assertThat(ToyDecoding.text(draft))
                        .as("budget %d, seed %d", budget, seed)
                        .matches("(a(bc)*ca)+")
                        .hasSizeLessThanOrEqualTo(budget);
                assertThat(draft.ending()).isEqualTo(Ending.BUDGET);
            }
        }
    }

    @Test
    void aBudgetForWhichNoOutputIsShortEnoughIsRefused() {
        DecodingRules rules = toy.rules(ToyDecoding.regex("a{9}"), Sampler.GREEDY);
        assertThatThrownBy(() -> within(rules, 8))
                .hasMessageContaining("9 bytes")
                .hasMessageContaining("budget is 8");
    }

    @Test
    void aStopStringEndsTheOutputWhereverItBeganAndOnlyWhereItIsComplete() {
        Constraint pairs = ToyDecoding.regex("([abc][abc])*");
        int stopped = 0;
        for (int seed = 0; seed < 200; seed++) {
            Draft draft = only(withStop(toy.rules(pairs, seeded(seed)), "ca", "bb"));
            String text = ToyDecoding.text(draft);
            boolean ends = text.endsWith("ca") || text.endsWith("bb");
            assertThat(text.length() % 2).isZero();
            assertThat(draft.ending() == Ending.STOP)
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(ends);
            for (int at = 2; at < text.length(); at += 2) {
                assertThat(text.substring(0, at)).doesNotEndWith("ca").doesNotEndWith("bb");
            }
            stopped += ends ? 1 : 0;
        }
        assertThat(stopped).isBetween(20, 200);
    }

    @Test
    void eosIsDrawnOnlyWhereTheOutputIsComplete() {
        ToyDecoding withEos = new ToyDecoding(true);
        Constraint constraint = ToyDecoding.regex("(ab)+c?");
        List<Ending> endings = new ArrayList<>();
        for (int seed = 0; seed < 60; seed++) {
            Draft draft = withEos.decode(withEos.rules(constraint, seeded(seed)))
                    .drafts()
                    .get(0);
            assertThat(ToyDecoding.text(draft)).as("seed %d", seed).matches("(ab)+c?");
            assertThat(beamOf(draft).hasTerminated()).isTrue();
            assertThat(Math.exp(draft.logLikelihood()))
                    .isCloseTo(withEos.probability(ToyDecoding.text(draft)), byAtMost(SAME));
            endings.add(draft.ending());
        }
        assertThat(endings).contains(Ending.EOS, Ending.COMPLETE).doesNotContain(Ending.STOP, Ending.DEAD_END);
    }

    @Test
    void forcedBytesCostNoCallAndWeighWhatTheyWouldUnforced() {
        String text = "abcabcaabc";
        ToyDecoding forced = new ToyDecoding(false);
        DecodingRules rules = forced.rules(ToyDecoding.regex(text), seeded(1));
        Draft draft = forced.decode(rules).drafts().get(0);
        Beam read = toy.run(toy.start().askingIn(EosMode.GENERATING).read(text.getBytes(ISO_8859_1)));

        assertThat(ToyDecoding.text(draft)).isEqualTo(text);
        assertThat(beamOf(draft)).isEqualTo(read);
        assertThat(draft.logProposal()).isZero();
        assertThat(Math.exp(draft.logWeight())).isCloseTo(forced.probability(text), byAtMost(SAME));
    }

    @Test
    void bytesBetweenTwoChoicesAreReadTogether() {
        ToyDecoding forced = new ToyDecoding(false);
        forced.decode(forced.rules(ToyDecoding.regex("abcabc[ab]"), seeded(1)));
        ToyDecoding free = new ToyDecoding(false);
        free.decode(free.rules(ToyDecoding.regex("[ab][bc][abc]{4}[ab]"), seeded(1)));

        assertThat(forced.service.batches()).isLessThan(free.service.batches());
    }

    @Test
    void theWeightIsTheProductOfTheMasks() {
        DecodingRules rules = toy.rules(ToyDecoding.regex("[ab][ac][bc]"), seeded(4));
        Decoding decoding = toy.run(Decoding.begin(BeamText.after(toy.start()), rules));
        double logMasks = 0;
        while (!decoding.hasEnded()) {
            Decoding.Round round = toy.run(decoding.next(rules));
            assertThat(round.drawnFrom()).isNotNull();
            logMasks += round.drawnFrom().logMask();
            decoding = round.after();
        }
        assertThat(decoding.drafts().get(0).logWeight()).isCloseTo(logMasks, byAtMost(1e-6));
        assertThat(logMasks).isNegative();
    }

    @Test
    void theSameSeedGivesTheSameOutputAndAnotherSessionAnother() {
        DecodingRules rules = toy.rules(ToyDecoding.regex("[abc]{16}"), seeded(9));
        DecodingRules other = new DecodingRules(rules.constraint(), rules.sampler(), rules.stop(), 16, false, 1, 12345);
        assertThat(only(rules).bytes()).isEqualTo(only(rules).bytes());
        assertThat(only(other).bytes()).isNotEqualTo(only(rules).bytes());
    }

    @Test
    void whereTheModelGivesNothingAllowedAProbabilityTheOutputIsCompletedWithoutIt() {
        Draft draft = only(toy.rules(ToyDecoding.constraint(ConstraintKind.CHOICES, "[\"abx\",\"aby\"]"), seeded(1)));
        assertThat(ToyDecoding.text(draft)).isEqualTo("abx");
        assertThat(draft.ending()).isEqualTo(Ending.DEAD_END);
        assertThat(draft.complete()).isTrue();
        assertThat(draft.logLikelihood()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(draft.logWeight()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void withoutAConstraintTheBudgetEndsTheOutput() {
        Draft draft = only(within(toy.rules(AnyBytes.INSTANCE, Sampler.GREEDY), 5));
        assertThat(draft.bytes()).hasSize(5);
        assertThat(draft.ending()).isEqualTo(Ending.BUDGET);
    }

    @Test
    void cursorsAreWhereTheBytesLead() {
        Constraint constraint = ToyDecoding.regex("[abc]{4,9}");
        Draft draft = only(toy.rules(constraint, seeded(2)));
        assertThat(draft.cursor()).isSameAs(RandomWalks.after(constraint, draft.bytes()));
    }
}
