package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.DeadEndKind;
import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sessions that read on after dead ends: what they say does not depend on what was left out, nor on how a text is cut. */
class RestartedTextsTest {
    private static final double CLOSE = 1e-9;
    private static final int SEEDS = 120;
    private static final String UNKNOWN = "\u0001\u0002";

    private static SessionDefaults restarting(SessionDefaults defaults) {
        return defaults.withOnDeadEnd(OnDeadEnd.RESTART);
    }

    private static ScoredSession canonical(ToyTokenizer toy, OnDeadEnd onDeadEnd, int pieceBytes) {
        SessionDefaults defaults = SessionDefaults.STANDARD
                .withTokenizations(Tokenizations.CANONICAL, 0)
                .withOnDeadEnd(onDeadEnd);
        RulesOnDemand rules = new RulesOnDemand(() -> toy.rules, Runnable::run);
        PieceSize piece = new PieceSize(pieceBytes, 1 << 20);
        return new ScoredSession(
                new ScoringLogic(defaults, toy.vocabulary, Long.MAX_VALUE, piece, rules), toy.service());
    }

    private static ScoredSession ofAll(Vocabulary vocabulary, OnDeadEnd onDeadEnd, int pieceBytes) {
        SessionDefaults defaults = SessionDefaults.STANDARD.withOnDeadEnd(onDeadEnd);
        PieceSize piece = new PieceSize(pieceBytes, 1 << 20);
        return new ScoredSession(
                new ScoringLogic(defaults, vocabulary, Long.MAX_VALUE, piece, RulesOnDemand.none()),
                new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size())));
    }

    /** Puts bytes that no token has into a text, often several beside each other. */
    private static String broken(String text, Random random) {
        StringBuilder broken = new StringBuilder();
        for (char c : (text + "$").toCharArray()) {
            for (int i = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0; i > 0; i--) {
                broken.append(UNKNOWN.charAt(random.nextInt(UNKNOWN.length())));
            }
            broken.append(c);
        }
        return broken.substring(0, broken.length() - 1);
    }

    private static String readable(String text) {
        return text.replaceAll("[" + UNKNOWN + "]", "");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String opening(String emit, String prompt) {
        return "{\"emit\":\"" + emit + "\",\"top\":2,\"prompt_hex\":\""
                + HexFormat.of().formatHex(bytes(prompt)) + "\"}";
    }

    /** Sends a text cut anywhere, each record's state being stored and restored. */
    private static List<Score> inChunks(ScoredSession session, String text, Random random) throws Exception {
        List<Score> scores = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = from + 1 + random.nextInt(text.length() - from);
            session.storeAndRestore();
            scores.addAll(session.bytes(bytes(text.substring(from, to))));
            from = to;
        }
        return scores;
    }

    private static void requireAsWithout(
            ScoredSession restarting, ScoredSession whole, String prompt, String text, Random random, String place)
            throws Exception {
        String brokenPrompt = broken(prompt, random);
        List<Score> ofPrompt = restarting.open(opening("byte", brokenPrompt)).stream()
                .map(Score.class::cast)
                .toList();
        assertThat(ofPrompt).as(place).hasSize(brokenPrompt.equals(prompt) ? 0 : 1);
        ofPrompt.forEach(told -> {
            assertThat(told.event()).isEqualTo(Event.DEAD_END);
            assertThat(told.failedByte()).isNull();
            assertThat(told.deadEnd()).isEqualTo(DeadEndKind.NO_TOKEN);
            assertThat(told.bytesConsumed()).isZero();
            assertThat(told.skippedBytes()).as(place).isEqualTo(brokenPrompt.length() - prompt.length());
        });
        whole.open(opening("byte", prompt));
        String broken = broken(text, random);
        List<Score> expected = whole.bytes(bytes(text));
        int read = 0;
        for (Score score : inChunks(restarting, broken, random)) {
            int at = (int) score.bytesConsumed();
            String before = readable(broken.substring(0, at));
            if (score.event() == Event.BYTE) {
                Score other = expected.get(read++);
                assertThat(score.totalLogLikelihood()).as(place).isCloseTo(other.totalLogLikelihood(), within(CLOSE));
                assertThat(score.next()).as(place).isNotNull();
                assertThat(score.bitsPerByte()).as(place).isCloseTo(other.bitsPerByte(), within(CLOSE));
            } else {
                assertThat(score.event()).as(place).isEqualTo(Event.DEAD_END);
                assertThat(score.failedByte()).as(place).isEqualTo((int) broken.charAt(at));
                assertThat(at == 0 || UNKNOWN.indexOf(broken.charAt(at - 1)) < 0)
                        .as(place)
                        .isTrue();
            }
            assertThat(before.length()).as(place).isEqualTo(read);
            assertThat(score.skippedBytes()).as(place).isEqualTo(at - before.length());
        }
        assertThat(read).as(place).isEqualTo(text.length());
        Score end = restarting.end();
        assertThat(end.bytesConsumed()).as(place).isEqualTo(broken.length());
        assertThat(end.skippedBytes()).as(place).isEqualTo(broken.length() - text.length());
        assertThat(end.totalLogLikelihood()).as(place).isCloseTo(whole.end().totalLogLikelihood(), within(CLOSE));
    }

    @Test
    void withCanonicalTokenizationsATextIsReadAsIfTheBytesWithoutTokenWereNotThere() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            requireAsWithout(
                    canonical(toy, OnDeadEnd.RESTART, 1 + random.nextInt(6)),
                    canonical(toy, OnDeadEnd.STOP, 1000),
                    toy.text(random, random.nextInt(4)),
                    toy.text(random, 1 + random.nextInt(12)),
                    random,
                    "seed " + seed);
        }
    }

    @Test
    void withDeferralTheExactValueLiesInTheIntervalAtEveryByteThatIsNotLeftOut() throws Exception {
        int certified = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            String text = toy.text(random, 1 + random.nextInt(16));
            String open = opening(random.nextBoolean() ? "byte" : "chunk", toy.text(random, random.nextInt(3)));
            ScoredSession exact = canonical(toy, OnDeadEnd.STOP, 1000);
            ScoredSession deferring = canonical(toy, OnDeadEnd.RESTART, 1 + random.nextInt(6));
            exact.open(open.replace("chunk", "byte"));
            deferring.open(open.replace("{", "{\"defer\":" + 0.4 * random.nextDouble() + ","));
            List<Score> expected = exact.bytes(bytes(text));
            for (Score score : inChunks(deferring, broken(text, random), random)) {
                long read = score.bytesConsumed() - score.skippedBytes();
                double value = read == 0 ? 0 : expected.get((int) read - 1).totalLogLikelihood();
                double upper = Objects.requireNonNull(score.totalLogLikelihoodUpper());
                assertThat(value)
                        .as("seed %d, byte %d", seed, score.bytesConsumed())
                        .isBetween(score.totalLogLikelihood() - CLOSE, upper + CLOSE);
                certified += upper > score.totalLogLikelihood() + CLOSE ? 1 : 0;
            }
        }
        assertThat(certified).isGreaterThan(SEEDS / 4);
    }

    @Test
    void withAllTokenizationsATextIsReadAsIfTheBytesWithoutTokenWereNotThere() throws Exception {
        Vocabulary vocabulary = ToyVocabulary.of("<s>", "a", "b", "c", "ab", "bc", "abc", "ca", "cab");
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            requireAsWithout(
                    ofAll(vocabulary, OnDeadEnd.RESTART, 1 + random.nextInt(6)),
                    ofAll(vocabulary, OnDeadEnd.STOP, 1000),
                    letters(random, random.nextInt(4)),
                    letters(random, 1 + random.nextInt(12)),
                    random,
                    "seed " + seed);
        }
    }

    private static String letters(Random random, int length) {
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, 3).forEach(i -> text.append("abc".charAt(i)));
        return text.toString();
    }

    /** Random vocabularies in which bytes stand only in longer tokens, and beams that are pruned into dead ends. */
    @Test
    void whateverATextHoldsItIsReadToItsEndAndItsCutsDoNotMatter() throws Exception {
        int kinds = 0;
        for (long seed = 0; seed < 3 * SEEDS; seed++) {
            Random random = new Random(seed);
            Vocabulary vocabulary = ToyVocabulary.random(random);
            String text = anyBytes(random, 1 + random.nextInt(25));
            String prompt = anyBytes(random, random.nextInt(5));
            String open = "{\"emit\":\"end\",\"top\":0,\"k\":1,\"heal\":false,\"prompt_hex\":\""
                    + HexFormat.of().formatHex(bytes(prompt)) + "\"}";
            ScoredSession whole = ofAll(vocabulary, OnDeadEnd.RESTART, 1000);
            ScoredSession cut = ofAll(vocabulary, OnDeadEnd.RESTART, 1 + random.nextInt(3));
            String place = "seed " + seed;
            assertThat(kindsOf(cut.open(open))).as(place).isEqualTo(kindsOf(whole.open(open)));
            List<Score> expected = whole.bytes(bytes(text));
            List<Score> scores = inChunks(cut, text, random);
            assertThat(scores).as(place).hasSameSizeAs(expected);
            for (int i = 0; i < scores.size(); i++) {
                assertThat(scores.get(i).deadEnd())
                        .as(place)
                        .isEqualTo(expected.get(i).deadEnd());
                assertThat(scores.get(i).bytesConsumed())
                        .as(place)
                        .isEqualTo(expected.get(i).bytesConsumed());
                assertThat(scores.get(i).skippedBytes())
                        .as(place)
                        .isEqualTo(expected.get(i).skippedBytes());
                kinds |= 1 << Objects.requireNonNull(scores.get(i).deadEnd()).ordinal();
            }
            Score end = cut.end();
            assertThat(end.bytesConsumed()).as(place).isEqualTo(text.length());
            assertThat(end.totalLogLikelihood()).as(place).isCloseTo(whole.end().totalLogLikelihood(), within(1e-6));
        }
        assertThat(kinds).as("each kind of dead end has occurred").isEqualTo((1 << DeadEndKind.values().length) - 1);
    }

    private static List<DeadEndKind> kindsOf(List<?> outputs) {
        return outputs.stream().map(output -> ((Score) output).deadEnd()).toList();
    }

    private static String anyBytes(Random random, int length) {
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, 7).forEach(i -> text.append("abc\u0000\u0080\u00ff$".charAt(i)));
        return text.toString();
    }

    @Test
    void aPrunedBeamReadsOnWithATokenizationThatWasNotFollowed() {
        Vocabulary vocabulary = ToyVocabulary.of("<s>", "a", "b", "c", "x", "abx");
        ScoredSession stopping = ofAll(vocabulary, OnDeadEnd.STOP, 100);
        ScoredSession restarting = ofAll(vocabulary, OnDeadEnd.RESTART, 100);
        String open = "{\"emit\":\"byte\",\"top\":0,\"k\":1,\"heal\":false,\"prune_threshold\":0}";
        stopping.open(open);
        restarting.open(open);

        String text = "abcabcabc";
        boolean stops = stopping.bytes(text).stream().anyMatch(score -> score.event() == Event.DEAD_END);
        List<Score> scores = restarting.bytes(text);
        List<DeadEndKind> kinds = scores.stream()
                .filter(score -> score.event() == Event.DEAD_END)
                .map(Score::deadEnd)
                .toList();

        assertThat(stops).isEqualTo(!kinds.isEmpty());
        assertThat(kinds).isNotEmpty().containsOnly(DeadEndKind.PRUNED);
        assertThat(restarting.end().skippedBytes()).isZero();
    }

    @Test
    void aMillionBytesWithoutTokenCostNoRequestAndOneRecord() {
        Vocabulary vocabulary = ToyVocabulary.of("<s>", "a", "b", "ab");
        BruteForceTrieLmService service = new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
        ScoringLogic logic = new ScoringLogic(restarting(SessionDefaults.STANDARD), vocabulary, Long.MAX_VALUE);
        byte[] unknown = new byte[1 << 20];
        Arrays.fill(unknown, (byte) 0x1D);
        ScoredSession session = new ScoredSession(logic, service);
        session.open("{\"emit\":\"end\",\"top\":0,\"prompt\":\"ab\"}");
        long before = service.requests();

        List<Score> scores = session.bytes(unknown);

        assertThat(scores).singleElement().extracting(Score::event).isEqualTo(Event.DEAD_END);
        assertThat(service.requests()).isEqualTo(before);
        assertThat(session.end().skippedBytes()).isEqualTo(unknown.length);
    }

    @Test
    void candidatesWeighAsIfTheBytesWithoutTokenWereNotThere() {
        Vocabulary vocabulary = ToyVocabulary.of("<s>", "a", "b", "ab");
        String candidates = "\"candidates\":[\"ab\",\"b\",\"ba\"]}";
        ScoredSession restarting = ofAll(vocabulary, OnDeadEnd.RESTART, 100);
        ScoredSession whole = ofAll(vocabulary, OnDeadEnd.STOP, 100);

        List<OutputRecord> told = restarting.open("{\"prompt_hex\":\"610162\"," + candidates);
        List<OutputRecord> expected = whole.open("{\"prompt\":\"ab\"," + candidates);

        assertThat(told).hasSize(2);
        assertThat(((Score) told.get(0)).skippedBytes()).isEqualTo(1);
        assertThat(logLikelihoods(told.get(1))).containsExactly(logLikelihoods(expected.get(0)), within(CLOSE));
        restarting.bytes("a\u0001");
        whole.bytes("a");
        assertThat(logLikelihoods(
                        restarting.send("candidates", bytes("{" + candidates)).get(0)))
                .containsExactly(
                        logLikelihoods(whole.send("candidates", bytes("{" + candidates))
                                .get(0)),
                        within(CLOSE));
    }

    private static double[] logLikelihoods(OutputRecord candidates) {
        return ((CandidatesRecord) candidates).scores().logLikelihoods();
    }

    @Test
    void whatWasLeftOutIsInTheState() throws Exception {
        Vocabulary vocabulary = ToyVocabulary.of("<s>", "a", "b", "ab");
        ScoredSession session = ofAll(vocabulary, OnDeadEnd.RESTART, 100);
        session.bytes("a\u0001\u0001");
        session.storeAndRestore();

        assertThat(session.state()).isInstanceOfSatisfying(Open.class, open -> {
            assertThat(open.totals().skippedBytes()).isEqualTo(2);
            assertThat(Objects.requireNonNull(open.leftOut()).isLeavingOut()).isTrue();
        });
        assertThat(session.bytes("\u0001b")).extracting(Score::event).containsExactly(Event.CHUNK);
        assertThat(session.state()).isNotInstanceOf(Opening.class);
    }
}
