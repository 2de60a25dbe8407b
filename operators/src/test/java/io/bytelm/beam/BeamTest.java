package io.bytelm.beam;

import static io.bytelm.beam.ToyModel.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.dist.Symbols;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BeamTest {
    private static final double NOTHING = Double.NEGATIVE_INFINITY;
    private static final Vocabulary TOY = ToyModel.vocabulary("", "<s>", "a", "b", "ab", "abc", "!", "bb");
    private static final int BANG = 5;

    private final BruteForceTrieLmService service = ToyModel.service(TOY);

    @Test
    void theInitialBeamIsOneHypothesisOfWeightZero() {
        Beam beam = Beam.initial(0, BeamParams.of(5, 0));
        assertThat(beam.hypotheses()).hasSize(1);
        assertThat(beam.logZ()).isZero();
        assertThat(beam.hypotheses().get(0).context()).isEqualTo(TokenContext.of(0));
    }

    /** A narrow beam may die after a few bytes, before anything has left it: so one text alone proves nothing. */
    @Test
    void theLongestContextIsThatOfAllHypothesesThatItHasHad() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int dropped = 0;
        for (int text = 0; text < 40; text++) {
            dropped += bytesAfterWhichTheLongestHadGone(random, "seed %d, text %d".formatted(seed, text));
        }
        assertThat(dropped)
                .as("seed %d: bytes after which the longest one was gone", seed)
                .isPositive();
    }

    private int bytesAfterWhichTheLongestHadGone(Random random, String name) {
        Beam beam = beam(2, 0.1);
        int longest = 1;
        int gone = 0;
        for (int at = 0; at < 200 && !beam.isDead(); at++) {
            byte[] next = {(byte) "ab".charAt(random.nextInt(2))};
            beam = run(beam.prune().advance(next, 0));
            int present = beam.contexts().stream()
                    .mapToInt(TokenContext::length)
                    .max()
                    .orElse(0);
            longest = Math.max(longest, present);
            gone += longest > present ? 1 : 0;
            assertThat(beam.longestContext()).as("%s, byte %d", name, at).isEqualTo(longest);
            assertThat(beam.withoutMasses().normalized().prune().longestContext())
                    .isEqualTo(longest);
        }
        assertThat(beam.died().longestContext()).isEqualTo(longest);
        return gone;
    }

    @Test
    void oneRequestServesAHypothesisForAWholeTokenWhenTheBytesAreKnown() {
        Beam read = run(beam(4, 0).read(ascii("abcabbab")));
        assertThat(read.isDead()).isFalse();
        assertThat(service.requests()).isEqualTo(service.evaluations());
    }

    @Test
    void distributionsAtEveryByteCostNoSecondRequestWhenTheBytesAreKnown() {
        byte[] text = ascii("abcabbab");
        Beam beam = run(beam(4, 0).predict(new Lookahead(text, 0, true))).beam();
        for (int at = 0; at < text.length; at++) {
            beam = run(beam.prune().advance(new Lookahead(text, at, true)));
            beam = run(beam.predict(new Lookahead(text, at + 1, true))).beam();
        }
        assertThat(service.requests()).isEqualTo(service.evaluations());
        assertThat(service.batches()).as("one batch a byte at most").isLessThanOrEqualTo(text.length + 1);
    }

    @Test
    void aHypothesisWithoutMassStaysUntilPruneDropsIt() {
        Beam read = run(withEos(5, BANG).read(ascii("!")));
        assertThat(read.hypotheses()).hasSize(1);
        assertThat(read.hypotheses().get(0).logWeight()).isEqualTo(NOTHING);
        assertThat(read.logZ()).isEqualTo(NOTHING);
        assertThat(run(read.nextByte()).isDeadEnd()).isTrue();
        assertThat(read.prune().isDead()).isTrue();
    }

    @Test
    void nothingIsEverNaNEvenWithoutPruning() {
        Beam beam = withEos(5, BANG, 3, 4);
        for (byte b : ascii("!ab!abc!")) {
            beam = run(beam.advance(new byte[] {b}, 0));
            assertThat(beam.hypotheses()).noneMatch(h -> Double.isNaN(h.logWeight()));
            assertThat(run(beam.nextByte()).logProbs()).doesNotContain(Double.NaN);
        }
        assertThat(beam.hypotheses()).isNotEmpty();
    }

    @Test
    void eosEndsTheSequenceAndKeepsItsWeight() {
        Beam before = run(withEos(5, BANG).read(ascii("a")));
        double logEos = run(before.nextByte()).logProb(Symbols.EOS);
        Beam after = run(before.prune().advanceEos());
        assertThat(after.hasTerminated()).isTrue();
        assertThat(after.logZ()).isCloseTo(before.logZ() + logEos, within(1e-9));
        assertThat(after.prune()).isEqualTo(after);
        assertThat(run(after.nextByte()).isDeadEnd()).isTrue();
        assertThat(run(after.advance(ascii("a"), 0)).isDead()).isTrue();
        assertThat(run(after.advanceEos()).isDead()).isTrue();
    }

    @Test
    void eosWithoutEosTokensHasNoMass() {
        Beam after = run(beam(5, 0).advanceEos());
        assertThat(after.hasTerminated()).isTrue();
        assertThat(after.logZ()).isEqualTo(NOTHING);
        assertThat(after.prune().isDead()).isTrue();
    }

    @Test
    void aPromptMayHoldEosTokensAfterItsFirstToken() {
        assertThat(run(withEos(5, BANG).prefill(ascii("a!a"))).prune().isDead()).isFalse();
        assertThat(run(withEos(5, BANG).read(ascii("a!a"))).prune().isDead()).isTrue();
    }

    @Test
    void aPromptLeavesTheModeOfItsOpenTokensAlone() {
        Beam prefilled = run(withEos(5, BANG).prefill(ascii("ba")));
        assertThat(prefilled.mode()).isEqualTo(EosMode.WITH_EOS);
        assertThat(prefilled.hypotheses()).allMatch(h -> h.massMode() == EosMode.WITHOUT_EOS);
        Beam later = run(prefilled.prune().advance(ascii("b"), 0));
        assertThat(later.hypotheses()).anyMatch(h -> h.massMode() == EosMode.WITH_EOS);
        assertThat(later.hypotheses()).anyMatch(h -> h.massMode() == EosMode.WITHOUT_EOS);
    }

    @Test
    void tokensOfTheSameBytesAreHypothesesOfTheirOwnAndAddUp() {
        Vocabulary twins = ToyModel.vocabulary("", "<s>", "a", "b", "a", "ab");
        Beam beam = run(Beam.initial(0, BeamParams.of(9, 0)).read(ascii("ab")), ToyModel.service(twins));
        assertThat(beam.hypotheses().stream()
                        .map(h -> h.context().tokens().length == 1
                                ? 4
                                : h.context().lastToken()))
                .containsExactlyInAnyOrder(1, 3, 4);
        assertThat(beam.logZ()).isCloseTo(ToyModel.logPrefixProbability(twins, ascii("ab")), within(1e-6));
    }

    @Test
    void tokensWithoutBytesNeverCloseATokenButShowAsEndOfToken() {
        Vocabulary padded = ToyModel.vocabulary("", "<s>", "a", "", "");
        Beam beam = Beam.initial(0, BeamParams.of(9, 0));
        assertThat(run(beam.nextByte(), ToyModel.service(padded)).logProb(Symbols.EOT))
                .isEqualTo(NOTHING);
        Beam read = run(beam.read(ascii("a")), ToyModel.service(padded));
        assertThat(run(read.nextByte(), ToyModel.service(padded)).logProb(Symbols.EOT))
                .isGreaterThan(NOTHING);
        assertThat(run(read.advance(ascii("a"), 0), ToyModel.service(padded)).hypotheses())
                .allMatch(h -> Arrays.equals(h.context().tokens(), new int[] {0, 1}));
    }

    @Test
    void aDummyPrefixIsReadFirstAndCostsNothing() {
        Vocabulary spaced = ToyModel.vocabulary(" ", "<s>", " ", " a", "a", "b");
        Beam beam = run(Beam.initial(spaced, BeamParams.of(9, 0)), ToyModel.service(spaced));
        assertThat(beam.logZ()).isCloseTo(0, within(1e-12));
        Beam read = run(beam.read(ascii("a")), ToyModel.service(spaced));
        double expected =
                ToyModel.logPrefixProbability(spaced, ascii(" a")) - ToyModel.logPrefixProbability(spaced, ascii(" "));
        assertThat(read.logZ()).isCloseTo(expected, within(1e-6));
    }

    @Test
    void withoutADummyPrefixTheInitialBeamAsksNothing() {
        assertThat(run(Beam.initial(TOY, BeamParams.of(9, 0)))).isEqualTo(beam(9, 0));
        assertThat(service.requests()).isZero();
    }

    @Test
    void aLongChunkDoesNotDeepenTheStack() {
        byte[] chunk = ascii("ab".repeat(50_000));
        Beam read = run(beam(1, 0.1).read(chunk), new BruteForceTrieLmService(TOY, new UniformModel(TOY.size())));
        assertThat(read.isDead()).isFalse();
        assertThat(read.hypotheses().get(0).context().length()).isGreaterThan(40_000);
    }

    @Test
    void beamsThatDifferInTheirMassesAloneAreEqual() {
        Beam read = run(beam(5, 0).read(ascii("ab")));
        assertThat(read.withoutMasses()).isEqualTo(read).hasSameHashCodeAs(read);
        assertThat(read.withoutMasses().hypotheses()).allMatch(h -> h.masses() == null);
    }

    @Test
    void aBeamOfAnotherModelIsRefused() {
        Hypothesis foreign = new Hypothesis(TokenContext.of(0), ascii("zz"), -1, false, EosMode.WITH_EOS, null);
        Beam beam = new Beam(List.of(foreign), BeamParams.of(5, 0), EosMode.WITH_EOS);
        assertThatThrownBy(() -> run(beam.advance(ascii("a"), 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7a7a");
    }

    /** Costs the same after any context. */
    private record UniformModel(int vocabularySize) implements LanguageModel {
        @Override
        public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
            float[] row = new float[vocabularySize];
            Arrays.fill(row, 1f / vocabularySize);
            return contexts.stream().map(context -> row).toArray(float[][]::new);
        }

        @Override
        public void close() {}
    }

    private static Beam beam(int width, double threshold) {
        return Beam.initial(0, BeamParams.of(width, threshold));
    }

    private static Beam withEos(int width, int... eosTokens) {
        return Beam.initial(0, new BeamParams(width, 0, eosTokens, true, BeamParams.UNLIMITED, BeamParams.UNLIMITED));
    }

    private <T> T run(Step<T> step) {
        return run(step, service);
    }

    private static <T> T run(Step<T> step, BruteForceTrieLmService service) {
        return step.run(service::expandAll);
    }
}
