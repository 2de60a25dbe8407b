package io.bytelm.beam;

import static io.bytelm.beam.ToyModel.ascii;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The vocabulary can write "abx" only as "a", "b", "x": once "ab" is taken for one open token, healing is needed. */
class HealingTest {
    private static final Vocabulary TOY = ToyModel.vocabulary("", "<s>", "abc", "a", "b", "x", "!", "aby");
    private static final int BANG = 5;
    private static final int NO_LIMIT = BeamParams.UNLIMITED;

    @Test
    void theOnlyHypothesisGivesItsBytesBackAndReadsThemAgain() {
        Beam healed = readAbx(NO_LIMIT, NO_LIMIT);
        assertThat(healed.hypotheses()).hasSize(1);
        assertThat(healed.hypotheses().get(0).context().tokens()).containsExactly(0, 2, 3);
        assertThat(healed.hypotheses().get(0).partial()).isEqualTo(ascii("x"));
    }

    @Test
    void theHealedWeightIsThatOfItsTokens() {
        Beam exact = stuckBeam(new BeamParams(1, 0, new int[0], true, NO_LIMIT, NO_LIMIT));
        Beam healed = exact.advance(ascii("x"), 0).run(ToyModel.service(TOY)::expandAll);
        assertThat(healed.logZ()).isCloseTo(ToyModel.logPrefixProbability(TOY, ascii("abx")), offset());
    }

    @Test
    void tooFewBytesGivenBackOrTokensClosedIsADeadEnd() {
        assertThat(readAbx(0, NO_LIMIT).isDead()).isTrue();
        assertThat(readAbx(1, 1).isDead()).isFalse();
        assertThat(readAbx(1, 0).isDead()).isTrue();
    }

    @Test
    void withoutHealingTheBeamDies() {
        BeamParams params = new BeamParams(1, 0, new int[0], false, NO_LIMIT, NO_LIMIT);
        assertThat(stuckBeam(params)
                        .advance(ascii("x"), 0)
                        .run(ToyModel.service(TOY)::expandAll)
                        .isDead())
                .isTrue();
    }

    @Test
    void healingMayCloseTokensToReadEos() {
        BeamParams params = new BeamParams(1, 0, new int[] {BANG}, true, NO_LIMIT, NO_LIMIT);
        Beam healed = stuckBeam(params).advanceEos().run(ToyModel.service(TOY)::expandAll);
        assertThat(healed.hasTerminated()).isTrue();
        assertThat(healed.hypotheses().get(0).context().tokens()).containsExactly(0, 2, 3);
        assertThat(healed.logZ()).isFinite();
    }

    @Test
    void ofTokensWithTheSameBytesHealingTakesTheHeaviest() {
        Vocabulary twins = ToyModel.vocabulary("", "<s>", "abc", "a", "b", "x", "a", "a");
        Beam stuck = stuckBeam(BeamParams.of(1, 0), twins);
        Beam healed = stuck.advance(ascii("x"), 0).run(ToyModel.service(twins)::expandAll);
        int chosen = healed.hypotheses().get(0).context().tokens()[1];
        int[] byMass = stuck.hypotheses().get(0).knownMasses().expansion().endTokens()[1];
        assertThat(byMass).containsExactlyInAnyOrder(2, 5, 6);
        assertThat(chosen).isEqualTo(byMass[0]);
    }

    @Test
    void aHealedBeamWithoutMassIsDroppedByPruning() {
        BeamParams params = new BeamParams(1, 0, new int[] {2}, true, NO_LIMIT, NO_LIMIT); // "a" ends the sequence
        Beam healed = stuckBeam(params).advance(ascii("x"), 0).run(ToyModel.service(TOY)::expandAll);
        assertThat(healed.hypotheses()).hasSize(1);
        assertThat(healed.logZ()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(healed.prune().isDead()).isTrue();
    }

    @Test
    void aHealingIsCountedIfTheBeamGoesOn() {
        assertThat(healings(BeamParams.of(1, 0))).isEqualTo(1);
        assertThat(healings(new BeamParams(1, 0, new int[0], true, 0, NO_LIMIT)))
                .as("a dead end")
                .isZero();
        assertThat(healings(new BeamParams(1, 0, new int[] {2}, true, NO_LIMIT, NO_LIMIT)))
                .as("no mass")
                .isZero();
    }

    private static int healings(BeamParams params) {
        Step<Beam> step = stuckBeam(params).advance(ascii("x"), 0);
        int healings = step.healings();
        while (step instanceof Step.Ask<Beam> ask) {
            step = ask.then().apply(ToyModel.service(TOY).expandAll(ask.requests()));
            healings += step.healings();
        }
        return healings;
    }

    private static Beam readAbx(int maxBackoff, int maxSplits) {
        return stuckBeam(new BeamParams(1, 0, new int[0], true, maxBackoff, maxSplits))
                .advance(ascii("x"), 0)
                .run(ToyModel.service(TOY)::expandAll);
    }

    private static Beam stuckBeam(BeamParams params) {
        return stuckBeam(params, TOY);
    }

    /** Has read "ab" and believes only in one open token. */
    private static Beam stuckBeam(BeamParams params, Vocabulary vocabulary) {
        Beam read = Beam.initial(0, params).read(ascii("ab")).run(ToyModel.service(vocabulary)::expandAll);
        return read.withSorted(read.hypotheses().stream()
                .filter(h -> Arrays.equals(h.partial(), ascii("ab")))
                .toList());
    }

    private static org.assertj.core.data.Offset<Double> offset() {
        return org.assertj.core.data.Offset.offset(1e-6);
    }
}
