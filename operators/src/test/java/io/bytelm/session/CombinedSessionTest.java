package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.ToyModel;
import io.bytelm.combine.Combination;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.ContextWindow;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.WindowedModel;
import io.bytelm.record.Emission;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SpanScore;
import io.bytelm.span.Span;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CombinedSessionTest {
    private static final double NONE = Double.NEGATIVE_INFINITY;
    private static final Vocabulary SHORT = ToyModel.vocabulary("", "<", "a", "b", "c", "ab", "bc", "a ");
    private static final Vocabulary LONG = ToyModel.vocabulary(" ", "^", "a", "b", "ca", "c", "abc", "cc", " ", " a");
    /** No token begins with c but ca. */
    private static final Vocabulary GAPPY = ToyModel.vocabulary("", "^", "a", "b", "ca", "ab");

    private static final List<Vocabulary> BOTH = List.of(SHORT, LONG);
    private static final SessionDefaults EXACT = new SessionDefaults(
            60, 0, List.of(), false, 0, 0, new Emission(Emission.When.CHUNK, Symbols.COUNT), 1 << 20, true);

    private static List<Combination> ofTwo() {
        return List.of(
                Combination.mixture(List.of(0.7, 0.3)),
                Combination.product(List.of(1.0, 0.5)),
                Combination.contrast(0.5));
    }

    private static CombinedSession session(Combination how) {
        return CombinedSession.of(EXACT, how, PieceSize.STANDARD, BOTH);
    }

    private static double enumerated(Combination how, String prompt, String text) {
        double sum = 0;
        byte[] all = ToyModel.ascii(prompt + text);
        for (int i = prompt.length(); i < all.length; i++) {
            byte[] prefix = Arrays.copyOf(all, i);
            sum += how.of(List.of(next(SHORT, prefix), next(LONG, after(" ", prefix))))
                    .logProb(all[i]);
        }
        return sum;
    }

    private static byte[] after(String dummyPrefix, byte[] prefix) {
        byte[] begin = ToyModel.ascii(dummyPrefix);
        byte[] whole = Arrays.copyOf(begin, begin.length + prefix.length);
        System.arraycopy(prefix, 0, whole, begin.length, prefix.length);
        return whole;
    }

    private static NextByteDistribution next(Vocabulary vocabulary, byte[] prefix) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, NONE);
        byte[] longer = Arrays.copyOf(prefix, prefix.length + 1);
        for (int symbol = 0; symbol < 256; symbol++) {
            longer[prefix.length] = (byte) symbol;
            logProbs[symbol] = ToyModel.logPrefixProbability(vocabulary, longer);
        }
        return NextByteDistribution.of(logProbs).normalize();
    }

    @Test
    void aSessionAddsUpTheCombinedProbabilitiesOfItsBytesHoweverTheyAreCut() {
        for (Combination how : ofTwo()) {
            for (long seed = 0; seed < 8; seed++) {
                Random random = new Random(seed);
                String text = new String(ToyModel.randomText(random, 6), ISO_8859_1);
                CombinedSession cut = session(how);
                Score last = null;
                for (int at = 0; at < text.length(); ) {
                    int to = Math.min(text.length(), at + 1 + random.nextInt(3));
                    last = cut.score(null, text.substring(at, to));
                    at = to;
                }
                String what = how.described() + ", seed " + seed;
                assertThat(Objects.requireNonNull(last).totalLogLikelihood())
                        .as(what)
                        .isCloseTo(enumerated(how, "", text), within(1e-4));
                Score whole = session(how).score(null, text);
                assertThat(last.totalLogLikelihood()).as(what).isCloseTo(whole.totalLogLikelihood(), within(1e-9));
                assertThat(last.next()).as(what).usingRecursiveComparison().isEqualTo(whole.next());
            }
        }
    }

    @Test
    void spansOfSeveralModelsAddUpHoweverPiecesAreCut() {
        String asked = "{\"spans\": \"words\", \"span_space\": \"before\", \"emit\": \"end\", \"anomaly\":"
                + " {\"window_bytes\": 2}}";
        for (Combination how : ofTwo()) {
            List<Span> whole = null;
            for (int pieceBytes : new int[] {1, 2, 100}) {
                CombinedSession session = CombinedSession.of(EXACT, how, new PieceSize(pieceBytes, 1 << 20), BOTH);
                assertThat(session.send("open", asked)).isEmpty();
                List<OutputRecord> told = new ArrayList<>(session.send(null, "aba ca a"));
                told.addAll(session.send("end", "ba bc"));
                Score end = (Score) told.remove(told.size() - 1);
                List<Span> spans =
                        told.stream().map(span -> ((SpanScore) span).span()).toList();
                String what = how.described() + ", pieces of " + pieceBytes;
                assertThat(spans).as(what).extracting(Span::to).containsExactly(4L, 7L, 11L, 13L);
                assertThat(spans.stream().mapToDouble(Span::logLikelihood).sum())
                        .as(what)
                        .isCloseTo(end.totalLogLikelihood(), within(1e-9));
                whole = whole == null ? spans : whole;
                for (int i = 0; i < 3; i++) { // of the last word no model knows that a text ends
                    assertThat(Objects.requireNonNull(spans.get(i).wordLogLikelihood()))
                            .as(what)
                            .isCloseTo(Objects.requireNonNull(whole.get(i).wordLogLikelihood()), within(1e-9));
                }
            }
        }
    }

    @Test
    void aPromptIsGivenAndMayBeReadInPieces() {
        for (Combination how : ofTwo()) {
            CombinedSession small = CombinedSession.of(EXACT, how, new PieceSize(1, 1 << 20), BOTH);
            assertThat(small.send("open", "{\"prompt\": \"abca\"}")).isEmpty();
            Score score = small.score(null, "bca");
            assertThat(score.totalLogLikelihood())
                    .as(how.described())
                    .isCloseTo(enumerated(how, "abca", "bca"), within(1e-4));
            assertThat(score.bytesConsumed()).isEqualTo(3);
        }
    }

    @Test
    void aModelsDummyPrefixIsItsOwn() {
        Combination second = Combination.mixture(List.of(0.0, 1.0));
        assertThat(session(second).score(null, "ab").totalLogLikelihood())
                .isCloseTo(
                        ToyModel.logPrefixProbability(LONG, ToyModel.ascii(" ab"))
                                - ToyModel.logPrefixProbability(LONG, ToyModel.ascii(" ")),
                        within(1e-4));
    }

    @Test
    void aSessionKeepsTheCombinationThatItWasOpenedWith() {
        CombinedSession opened = session(Combination.mixture(List.of(1.0, 0.0)));
        opened.score(null, "ab");
        CombinedSession resumed = opened.resumedBy(session(Combination.mixture(List.of(0.0, 1.0))));
        assertThat(resumed.score(null, "c").totalLogLikelihood())
                .isCloseTo(ToyModel.logPrefixProbability(SHORT, ToyModel.ascii("abc")), within(1e-4));
    }

    @Test
    void whereAMixtureHasOneModelLeftTheOtherStaysOut() {
        CombinedSession session =
                CombinedSession.of(EXACT, Combination.evenMixture(2), PieceSize.STANDARD, List.of(SHORT, GAPPY));
        session.score(null, "acb");
        double before = session.score(null, "b").totalLogLikelihood();
        double after = session.score(null, "a").totalLogLikelihood();
        assertThat(after - before).isCloseTo(next(SHORT, ToyModel.ascii("acbb")).logProb('a'), within(1e-4));
    }

    @Test
    void aProductEndsWhereOneModelDoes() {
        CombinedSession session = CombinedSession.of(
                EXACT, Combination.product(List.of(1.0, 1.0)), PieceSize.STANDARD, List.of(SHORT, GAPPY));
        Score deadEnd = session.score(null, "acb");
        assertThat(deadEnd.event()).isEqualTo(Event.DEAD_END);
        assertThat(deadEnd.bytesConsumed()).isEqualTo(2);
        assertThat(session.refusal(null, "a").reason()).isEqualTo("session-dead-end");
    }

    @Test
    void tokensThatEndATextHaveToBeOnesOfEachModel() {
        Combination how = Combination.evenMixture(2);
        CombinedSession session = session(how);
        DeadLetter refused = session.refusal("open", "{\"eos_tokens\": [\"bc\"]}");
        assertThat(refused.reason()).isEqualTo("unknown-eos-token");
        assertThat(refused.message()).contains("model 2").contains("6263");
        session.send("open", "{\"eos_tokens\": [\"c\"]}");
        session.score(null, "ab");
        double eos = Objects.requireNonNull(session.score("end", "").eosLogProb());
        assertThat(Math.exp(eos)).isBetween(1e-6, 1.0);
    }

    @Test
    void whatSeveralModelsCannotDoIsRefusedAndLeavesTheSessionAsItIs() {
        CombinedSession session = session(Combination.evenMixture(2));
        assertThat(session.refusal("open", "{\"tokenizations\": \"canonical\", \"defer\": 0.1}")
                        .message())
                .contains("\"defer\"");
        assertThat(session.refusal("open", "{\"on_dead_end\": \"restart\"}").message())
                .contains("\"on_dead_end\"");
        assertThat(session.refusal("open", "{\"settled_tokens\": true}").message())
                .contains("\"settled_tokens\"");
        assertThat(session.state()).isNull();
        assertThat(session.score(null, "ab").bytesConsumed()).isEqualTo(2);
    }

    @Test
    void aSessionOfOtherModelsIsADeadLetter() {
        CombinedSession two = session(Combination.evenMixture(2));
        two.score(null, "ab");
        CombinedSession three = two.resumedBy(
                CombinedSession.of(EXACT, Combination.evenMixture(3), PieceSize.STANDARD, List.of(SHORT, LONG, GAPPY)));
        assertThat(three.refusal(null, "c").reason()).isEqualTo("models-changed");
        ScoredSession one = new ScoredSession(SHORT, EXACT);
        SessionState ofTwo = Objects.requireNonNull(two.state());
        assertThat(one.inState(ofTwo).refusal(null, ToyModel.ascii("c"))).isEqualTo("models-changed");
    }

    @Test
    void aTextIsTruncatedWhereItHasOutgrownAnyModel() {
        List<PortableModel> whole = List.of(new PortableModel(SHORT.size()), new PortableModel(LONG.size()));
        CombinedSession session = CombinedSession.of(
                EXACT,
                Combination.evenMixture(2),
                PieceSize.STANDARD,
                BOTH,
                List.of(
                        new WindowedModel(whole.get(0), new ContextWindow(4, 1)),
                        new WindowedModel(whole.get(1), new ContextWindow(1000, 1))));
        assertThat(session.score(null, "ab").truncated()).isFalse();
        assertThat(session.score(null, "abab").truncated()).isTrue();
        assertThat(session.score(null, "a").truncated()).isTrue();
    }

    @Test
    void thereAreAsManyModelsAsAreCombined() {
        assertThatThrownBy(() -> CombinedSession.of(EXACT, Combination.evenMixture(3), PieceSize.STANDARD, BOTH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 models");
    }
}
