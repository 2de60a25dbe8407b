package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.Emission;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionLimits;
import io.bytelm.record.SessionState;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoringLogicTest {
    private static final double SAME = 1e-9;
    private static final String TEXT = "the end. Grüße, 日本語! hello world, the end";

    private static Vocabulary english = vocabulary("", "<s>");

    @BeforeAll
    static void readVocabulary() throws IOException {
        english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
    }

    /** These tokens, in UTF-8; the first is BOS. */
    private static Vocabulary vocabulary(String dummyPrefix, String... tokens) {
        List<byte[]> bytes = Stream.of(tokens).map(t -> t.getBytes(UTF_8)).toList();
        return new Vocabulary(
                bytes, Collections.nCopies(bytes.size(), TokenKind.NORMAL), 0, dummyPrefix.getBytes(UTF_8));
    }

    private static ScoredSession session() {
        return new ScoredSession(english, SessionDefaults.STANDARD);
    }

    /** log P(text), from the beam alone. */
    private static double logZ(Vocabulary vocabulary, String text) {
        BruteForceTrieLmService service = new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
        return Beam.initial(vocabulary.bosToken(), BeamParams.of(5, 0.001))
                .read(text.getBytes(UTF_8))
                .run(service::expandAll)
                .logZ();
    }

    @Test
    void aChunkIsScoredAsTheBeamWeighsIt() {
        Score score = session().bytes(TEXT).get(0);
        assertThat(score.event()).isEqualTo(Event.CHUNK);
        assertThat(score.bytesConsumed()).isEqualTo(TEXT.getBytes(UTF_8).length);
        assertThat(score.totalLogLikelihood()).isCloseTo(logZ(english, TEXT), within(SAME));
        assertThat(score.chunkLogLikelihood()).isEqualTo(score.totalLogLikelihood());
        assertThat(score.next()).isNotNull().extracting(NextSymbols::size).isEqualTo(5);
        assertThat(score.source().offset()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void chunksMayBeCutAnywhereAndStatesStored(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] text = TEXT.getBytes(UTF_8);
        ScoredSession session = session();
        double sum = 0;
        int at = 0;
        while (at < text.length) {
            int to = Math.min(text.length, at + random.nextInt(6));
            Score score = session.bytes(Arrays.copyOfRange(text, at, to)).get(0);
            assertThat(score.chunkBytes()).isEqualTo(to - at);
            sum += score.chunkLogLikelihood();
            at = to;
            session.storeAndRestore();
        }
        Score whole = session().bytes(TEXT).get(0);
        Score end = session.end();
        assertThat(end.bytesConsumed()).isEqualTo(text.length);
        assertThat(end.totalLogLikelihood()).as("seed " + seed).isCloseTo(whole.totalLogLikelihood(), within(SAME));
        assertThat(sum).isCloseTo(whole.totalLogLikelihood(), within(SAME));
        assertThat(end.next()).isNotNull();
        assertThat(end.next().symbols()).isEqualTo(requireNonNull(whole.next()).symbols());
    }

    @Test
    void emittedByteByByteTheProbabilitiesAreThoseThatWereAnnounced() {
        SessionLimits wide = new SessionLimits(500, 1, 500);
        ScoredSession session = new ScoredSession(english, SessionDefaults.STANDARD.withLimits(wide));
        session.open("{\"emit\": \"byte\", \"top\": \"all\", \"prune_threshold\": 0, \"k\": 500}");
        List<Score> scores = session.bytes("the end");
        assertThat(scores).hasSize(7).allMatch(s -> s.event() == Event.BYTE && s.chunkBytes() == 1);
        for (int i = 1; i < scores.size(); i++) {
            NextSymbols announced = requireNonNull(scores.get(i - 1).next());
            int place = indexOf(announced.symbols(), "the end".charAt(i));
            assertThat(scores.get(i).chunkLogLikelihood()).isCloseTo(announced.logProbs()[place], within(1e-6));
        }
        assertThat(session.end().chunkBytes()).isZero();
    }

    private static int indexOf(int[] symbols, int symbol) {
        return Arrays.stream(symbols).boxed().toList().indexOf(symbol);
    }

    @Test
    void emittedAtTheEndTheWholeSessionIsOneRecord() {
        ScoredSession session = session();
        session.open("{\"emit\": \"end\", \"top\": 0}");
        assertThat(session.bytes("the ")).isEmpty();
        assertThat(session.bytes("end")).isEmpty();
        Score end = session.end();
        assertThat(end.chunkBytes()).isEqualTo(7);
        assertThat(end.chunkLogLikelihood()).isCloseTo(logZ(english, "the end"), within(SAME));
        assertThat(end.next()).isNull();
        assertThat(end.eosLogProb()).isNull();
    }

    @Test
    void anEmptyChunkTellsWhatComesNextAfterThePrompt() {
        ScoredSession session = session();
        session.open("{\"prompt\": \"the en\", \"top\": 3}");
        Score nothing = session.bytes("").get(0);
        assertThat(nothing.bytesConsumed()).isZero();
        assertThat(nothing.totalLogLikelihood()).isZero();
        assertThat(nothing.next()).isNotNull().extracting(NextSymbols::size).isEqualTo(3);
        Score score = session.bytes("d.").get(0);
        assertThat(score.bytesConsumed()).isEqualTo(2);
        double expected = logZ(english, "the end.") - logZ(english, "the en");
        assertThat(score.totalLogLikelihood()).isCloseTo(expected, within(SAME));
    }

    @Test
    void theEndTellsHowProbableItIsWhereThereAreEosTokens() {
        ScoredSession session = session();
        session.open("{\"eos_tokens\": [\".\"], \"top\": \"all\"}");
        session.bytes("the end");
        Score end = session.end();
        NextSymbols next = requireNonNull(end.next());
        assertThat(end.eosLogProb()).isEqualTo(next.logProbs()[indexOf(next.symbols(), Symbols.EOS)]);
        assertThat(end.eosLogProb()).isNegative().isGreaterThan(-100);
        assertThat(session.state()).isEqualTo(new SessionState.Ended());
    }

    @Test
    void theDummyPrefixIsReadButNotScored() {
        Vocabulary sentencePiece = vocabulary(" ", "<s>", " ", "a", " a", "b", "ab", " b");
        Score with = new ScoredSession(sentencePiece, SessionDefaults.STANDARD)
                .bytes("ab")
                .get(0);
        double expected = logZ(sentencePiece, " ab") - logZ(sentencePiece, " ");
        assertThat(with.totalLogLikelihood()).isCloseTo(expected, within(SAME));
        assertThat(with.bytesConsumed()).isEqualTo(2);
        SessionDefaults off = defaults(1 << 20, false);
        Score without = new ScoredSession(sentencePiece, off).bytes("ab").get(0);
        assertThat(without.totalLogLikelihood()).isCloseTo(logZ(sentencePiece, "ab"), within(SAME));
    }

    private static SessionDefaults defaults(int maxChunkBytes, boolean dummyPrefix) {
        SessionDefaults d = SessionDefaults.STANDARD;
        return new SessionDefaults(
                d.width(),
                d.pruneThreshold(),
                d.eosTokensHex(),
                d.heal(),
                d.healMaxBackoff(),
                d.healMaxSplits(),
                new Emission(Emission.When.CHUNK, 0),
                maxChunkBytes,
                dummyPrefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"byte", "chunk", "end"})
    void aDeadEndInTheMiddleOfAChunkIsSaidOnce(String emit) throws IOException {
        Vocabulary small = vocabulary("", "<s>", "a", "b", "ab");
        ScoredSession session = new ScoredSession(small, SessionDefaults.STANDARD);
        session.open("{\"emit\": \"" + emit + "\"}");
        session.bytes("a");
        List<Score> scores = session.bytes("bXa");
        Score deadEnd = scores.get(scores.size() - 1);
        assertThat(scores.stream().filter(s -> s.event() == Event.DEAD_END)).containsExactly(deadEnd);
        assertThat(deadEnd.bytesConsumed()).isEqualTo(2);
        assertThat(deadEnd.totalLogLikelihood()).isCloseTo(logZ(small, "ab"), within(SAME));
        assertThat(deadEnd.failedByte()).isEqualTo((int) 'X');
        assertThat(deadEnd.next()).isNull();
        assertThat(deadEnd.chunkBytes()).isEqualTo(emit.equals("byte") ? 0 : emit.equals("chunk") ? 1 : 2);
        session.storeAndRestore();
        assertThat(session.refusal(null, new byte[] {'a'})).isEqualTo("session-dead-end");
        assertThat(session.refusal("open", null)).isEqualTo("session-dead-end");
        Score end = session.end();
        assertThat(end.totalLogLikelihood()).isEqualTo(deadEnd.totalLogLikelihood());
        assertThat(end.chunkBytes()).isZero();
        assertThat(session.refusal("end", null)).isEqualTo("session-ended");
    }

    /** The reference fails on such a text. */
    @Test
    void ordinaryTextWithEosTokensEndsInADeadEndAndNeverInNaN() {
        ScoredSession session = session();
        session.open("{\"k\": 3, \"prune_threshold\": 0.01, \"eos_tokens\": [\"!\", \".\"], \"heal\": false,"
                + " \"emit\": \"byte\"}");
        List<Score> scores = session.bytes("hello! the end. hello! the end!");
        assertThat(scores).allSatisfy(score -> {
            assertThat(score.totalLogLikelihood()).isFinite();
            assertThat(score.chunkLogLikelihood()).isFinite();
        });
        assertThat(scores.get(scores.size() - 1).event()).isEqualTo(Event.DEAD_END);
    }

    @Test
    void aDeadEndInThePromptIsSaidAtTheOpenWithoutAByte() {
        ScoredSession session = new ScoredSession(vocabulary("", "<s>", "a"), SessionDefaults.STANDARD);
        Score deadEnd = (Score) session.open("{\"prompt\": \"aXa\"}").get(0);
        assertThat(deadEnd.event()).isEqualTo(Event.DEAD_END);
        assertThat(deadEnd.bytesConsumed()).isZero();
        assertThat(deadEnd.totalLogLikelihood()).isZero();
        assertThat(deadEnd.failedByte()).isNull();
        assertThat(session.refusal(null, new byte[] {'a'})).isEqualTo("session-dead-end");
    }

    @Test
    void anEndedSessionTakesOnlyAnOpenAndStartsAfresh() {
        ScoredSession session = session();
        double first = session.bytes("the end").get(0).totalLogLikelihood();
        session.end();
        assertThat(session.refusal("bytes", new byte[] {'a'})).isEqualTo("session-ended");
        assertThat(session.refusal("end", null)).isEqualTo("session-ended");
        assertThat(session.open("")).isEmpty();
        assertThat(session.bytes("the end").get(0).totalLogLikelihood()).isEqualTo(first);
    }

    @Test
    void whatCannotBeProcessedLeavesTheSessionAsItIs() {
        ScoredSession session = new ScoredSession(english, defaults(8, true));
        assertThat(session.refusal("end", null)).isEqualTo("not-open");
        assertThat(session.state()).isNull();
        assertThat(session.refusal("open", "{\"k\":0}".getBytes(UTF_8))).isEqualTo("malformed-open");
        assertThat(session.refusal("open", "{\"k\":65}".getBytes(UTF_8))).isEqualTo("over-limit");
        assertThat(session.state()).isNull();
        session.bytes("a");
        SessionState before = session.state();
        List<String> reasons = new ArrayList<>();
        reasons.add(session.refusal("open", null));
        reasons.add(session.refusal("opne", null));
        reasons.add(session.refusal("bytes", null));
        reasons.add(session.refusal(null, new byte[9]));
        OutputRecord withoutKey = session.send(null, null, new byte[] {'a'}).get(0);
        reasons.add(((OutputRecord.DeadLetter) withoutKey).reason());
        assertThat(reasons).containsExactly("already-open", "unknown-op", "no-value", "oversized-chunk", "no-key");
        assertThat(session.state()).isSameAs(before);
    }

    @Test
    void aLongChunkNeedsNoDeepStack() {
        Vocabulary small = vocabulary("", "<s>", "a", "b", "ab");
        ScoredSession session = new ScoredSession(small, SessionDefaults.STANDARD);
        session.open("{\"k\": 1, \"top\": 0, \"prune_threshold\": 0.5}");
        byte[] chunk = "ab".repeat(5_000).getBytes(UTF_8);
        Score score = session.bytes(chunk).get(0);
        assertThat(score.bytesConsumed()).isEqualTo(chunk.length);
        assertThat(score.bitsPerByte()).isPositive();
    }

    @Test
    void theFactoryTravelsWithTheJob() throws Exception {
        AllSessions factory = new AllSessions(SessionDefaults.STANDARD);
        assertThat(InstantiationUtil.clone(factory)).isEqualTo(factory);
    }
}
