package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.ToyModel;
import io.bytelm.combine.Combination;
import io.bytelm.decode.Ending;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.ContextWindow;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.WindowedModel;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.Emission;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.vocab.SpecialTokens;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Decoding sessions of several models, which are stored after every piece. */
class CombinedDecodingSessionTest {
    private static final Vocabulary SHORT = ToyModel.vocabulary("", "<", "a", "b", "c", "ab", "bc", "a ");
    private static final Vocabulary LONG = ToyModel.vocabulary(" ", "^", "a", "b", "ca", "c", "abc", "cc", " ", " a");
    private static final List<Vocabulary> BOTH = List.of(SHORT, LONG);
    private static final double SAME = 1e-4;
    private static final SessionDefaults EXACT = new SessionDefaults(
            60, 0, List.of(), true, 90, 90, new Emission(Emission.When.CHUNK, Symbols.COUNT), 1 << 20, true);
    private static final String LETTERS = "'constraint':{'kind':'regex','source':'[abc]{3,12}'}";

    private static List<Combination> ofTwo() {
        return List.of(
                Combination.mixture(List.of(0.7, 0.3)),
                Combination.product(List.of(1.0, 0.5)),
                Combination.contrast(0.5));
    }

    private static CombinedSession session(Combination how) {
        return CombinedSession.of(EXACT, how, PieceSize.STANDARD, BOTH);
    }

    private static List<OutputRecord> send(CombinedSession session, @Nullable String op, String value) {
        return session.send(op, value.replace('\'', '"'));
    }

    private static Next next(CombinedSession session, @Nullable String op, String value) {
        return (Next) send(session, op, value).get(0);
    }

    private static Finished finished(CombinedSession session, String open) {
        List<OutputRecord> outputs = send(session, "open", open);
        return (Finished) outputs.get(outputs.size() - 1);
    }

    private static DeadLetter refused(CombinedSession session, @Nullable String op, String value) {
        return session.refusal(op, value.replace('\'', '"'));
    }

    private static NextByteDistribution expected(Combination how, String prefix) {
        return how.of(List.of(ofModel(SHORT, prefix), ofModel(LONG, " " + prefix)));
    }

    private static NextByteDistribution ofModel(Vocabulary vocabulary, String prefix) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
        for (int symbol = 0; symbol < 256; symbol++) {
            logProbs[symbol] = ToyModel.logPrefixProbability(vocabulary, ToyModel.ascii(prefix + (char) symbol));
        }
        return NextByteDistribution.of(logProbs).normalize();
    }

    private static double enumerated(Combination how, String prompt, String output) {
        double sum = 0;
        for (int at = 0; at < output.length(); at++) {
            sum += expected(how, prompt + output.substring(0, at)).logProb(output.charAt(at));
        }
        return sum;
    }

    private static double logProb(Next told, int symbol) {
        NextSymbols next = Objects.requireNonNull(told.next());
        int at = Arrays.stream(next.symbols()).boxed().toList().indexOf(symbol);
        return next.logProbs()[at];
    }

    private static String text(Finished end) {
        return new String(end.output().bytes(), ISO_8859_1);
    }

    @Test
    void aSteeredSessionHearsWhatTheModelsTogetherExpectHoweverItsBytesAreCut() {
        for (Combination how : ofTwo()) {
            for (long seed = 0; seed < 6; seed++) {
                Random random = new Random(seed);
                String text = new String(ToyModel.randomText(random, 6), ISO_8859_1);
                PieceSize piece = new PieceSize(1 + random.nextInt(3), 1 << 20);
                CombinedSession session = CombinedSession.of(EXACT, how, piece, BOTH);
                Next told = next(session, "open", "{'mode':'steered','prompt':'ab'," + LETTERS + "}");
                for (int at = 0; at < text.length(); ) {
                    int to = at + 1 + random.nextInt(text.length() - at);
                    told = next(session, null, text.substring(at, to));
                    at = to;
                }
                String what = how.described() + ", seed " + seed;
                assertThat(told.bytes()).as(what).isEqualTo(6);
                assertThat(told.logLikelihood()).as(what).isCloseTo(enumerated(how, "ab", text), within(SAME));
                NextByteDistribution all = expected(how, "ab" + text);
                NextByteDistribution allowed = all.filter(symbol -> "abc".indexOf(symbol) >= 0);
                assertThat(told.logMask()).as(what).isCloseTo(allowed.logTotal(), within(SAME));
                NextSymbols symbols = Objects.requireNonNull(told.next());
                for (int i = 0; i < symbols.size(); i++) {
                    double expected = allowed.normalize().logProb(symbols.symbols()[i]);
                    assertThat(Math.exp(symbols.logProbs()[i])).as(what).isCloseTo(Math.exp(expected), within(SAME));
                }
            }
        }
    }

    @Test
    void aDrivenOutputWeighsWhatTheModelsTogetherGiveItByWhatItWasDrawnWith() {
        for (Combination how : ofTwo()) {
            String open = "{'mode':'driven','prompt':'abca','eos_tokens':[],'max_bytes':12,'seed':3," + LETTERS + "}";
            Finished end = finished(session(how), open);
            assertThat(text(end)).matches("[abc]{3,12}");
            double logMasks = 0;
            for (int at = 0; at < text(end).length(); at++) {
                logMasks += expected(how, "abca" + text(end).substring(0, at))
                        .filter(symbol -> "abc".indexOf(symbol) >= 0)
                        .logTotal();
            }
            assertThat(end.output().logLikelihood())
                    .as(how.described())
                    .isCloseTo(enumerated(how, "abca", text(end)), within(SAME));
            assertThat(end.output().logWeight()).as(how.described()).isCloseTo(logMasks, within(SAME));
        }
    }

    @Test
    void particlesComeWithWeights() {
        for (Combination how : ofTwo()) {
            Finished end = finished(
                    session(how),
                    "{'mode':'driven','particles':4,'seed':1,'eos_tokens':[],'max_bytes':9," + LETTERS + "}");
            assertThat(end.particles()).hasSize(4).contains(end.output());
            assertThat(end.effectiveSampleSize()).isBetween(1.0, 4 + 1e-9);
            assertThat(end.particles()).allSatisfy(output -> {
                String text = new String(output.bytes(), ISO_8859_1);
                assertThat(text).matches("[abc]{3,12}");
                assertThat(output.logLikelihood()).isCloseTo(enumerated(how, "", text), within(SAME));
            });
        }
    }

    @Test
    void whatIsForcedIsTheSameInOnePieceAndInMany() {
        for (Combination how : ofTwo()) {
            String open = "{'mode':'driven','constraint':{'kind':'choices','source':['abcab','cabca']}}";
            Finished end = finished(session(how), open);
            assertThat(end.output().ending()).isEqualTo(Ending.COMPLETE);
            assertThat(end.output().logLikelihood())
                    .as(how.described())
                    .isCloseTo(enumerated(how, "", text(end)), within(SAME));
        }
    }

    /** Model 1 ends its texts with another token than model 2 does. */
    private static Vocabulary ending(String bos, String eos, String... tokens) {
        List<byte[]> bytes = new ArrayList<>(List.of(ToyModel.ascii(bos), ToyModel.ascii(eos)));
        Arrays.stream(tokens).map(ToyModel::ascii).forEach(bytes::add);
        List<TokenKind> kinds = Collections.nCopies(bytes.size(), TokenKind.NORMAL);
        return new Vocabulary(bytes, kinds, new SpecialTokens(0, List.of(1)), new byte[0]);
    }

    @Test
    void eachModelEndsATextWithItsOwnToken() {
        List<Vocabulary> ends = List.of(ending("<", "!", "a", "b", "ab"), ending("^", "?", "a", "b", "ba"));
        for (Combination how : ofTwo()) {
            CombinedSession session = CombinedSession.of(EXACT, how, PieceSize.STANDARD, ends);
            Next told = next(session, "open", "{'mode':'steered'}");
            double eos = logProb(told, Symbols.EOS);
            float[] first = new PortableModel(5).nextTokenProbabilities(List.of(TokenContext.startingWith(0)))[0];
            assertThat(eos).as(how.described()).isNegative();
            if (how.kind() == Combination.Kind.MIXTURE) { // models of five tokens are the same
                assertThat(Math.exp(eos)).isCloseTo(first[1], within(1e-6));
            }
            Finished end = finished(
                    CombinedSession.of(EXACT, how, PieceSize.STANDARD, ends),
                    "{'mode':'driven','seed':2,'max_bytes':200}");
            assertThat(end.output().ending()).isEqualTo(Ending.EOS);
            assertThat(text(end)).doesNotContain("!", "?");
        }
    }

    @Test
    void tokensThatEndATextHaveToBeOnesOfEachModel() {
        CombinedSession session = session(Combination.evenMixture(2));
        DeadLetter refused = refused(session, "open", "{'mode':'driven','eos_tokens':['bc']}");
        assertThat(refused.reason()).isEqualTo("unknown-eos-token");
        assertThat(refused.message()).contains("model 2").contains("6263");
        assertThat(session.state()).isNull();
    }

    @Test
    void whatSeveralModelsCannotDoIsRefused() {
        CombinedSession session = session(Combination.evenMixture(2));
        assertThat(refused(session, "open", "{'mode':'driven','tokenizations':'canonical','defer':0.1}")
                        .message())
                .contains("\"defer\"");
        assertThat(refused(session, "open", "{'mode':'driven','tokenizations':'canonical'}")
                        .reason())
                .isEqualTo("no-canonical-tokenizations");
        assertThat(refused(session, "open", "{'mode':'steered','prompt':'ax'}").reason())
                .isEqualTo("dead-prompt");
        next(session, "open", "{'mode':'steered'," + LETTERS + "}");
        assertThat(refused(session, null, "x").reason()).isEqualTo("byte-not-allowed");
        assertThat(next(session, null, "a").bytes()).isEqualTo(1);
    }

    @Test
    void aSessionKeepsTheCombinationThatItWasOpenedWith() {
        CombinedSession opened = session(Combination.mixture(List.of(1.0, 0.0)));
        next(opened, "open", "{'mode':'steered'}");
        next(opened, null, "ab");
        CombinedSession resumed = opened.resumedBy(session(Combination.mixture(List.of(0.0, 1.0))));
        assertThat(next(resumed, null, "c").logLikelihood())
                .isCloseTo(ToyModel.logPrefixProbability(SHORT, ToyModel.ascii("abc")), within(SAME));
    }

    @Test
    void aSessionOfOtherModelsIsNotGoneOnWithAndEnds() {
        CombinedSession two = session(Combination.evenMixture(2));
        next(two, "open", "{'mode':'steered'}");
        next(two, null, "ab");
        CombinedSession three = two.resumedBy(
                CombinedSession.of(EXACT, Combination.evenMixture(3), PieceSize.STANDARD, List.of(SHORT, LONG, SHORT)));
        assertThat(refused(three, null, "c").reason()).isEqualTo("models-changed");
        assertThat(three.state()).isInstanceOf(Steered.class);
        assertThat(refused(three, "end", "").reason()).isEqualTo("models-changed");
        assertThat(three.state()).isEqualTo(new Ended());
    }

    @Test
    void anOutputIsTruncatedWhereItHasOutgrownAnyModel() {
        List<PortableModel> whole = List.of(new PortableModel(SHORT.size()), new PortableModel(LONG.size()));
        CombinedSession session = CombinedSession.of(
                EXACT,
                Combination.evenMixture(2),
                PieceSize.STANDARD,
                BOTH,
                List.of(
                        new WindowedModel(whole.get(0), new ContextWindow(4, 1)),
                        new WindowedModel(whole.get(1), new ContextWindow(1000, 1))));
        next(session, "open", "{'mode':'steered'}");
        assertThat(next(session, null, "ab").truncated()).isFalse();
        assertThat(next(session, null, "abab").truncated()).isTrue();
        assertThat(next(session, null, "a").truncated()).isTrue();
    }
}
