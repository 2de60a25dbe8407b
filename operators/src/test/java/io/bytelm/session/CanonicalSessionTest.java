package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.BruteForceTrieLmService;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions over canonical tokenizations of random toy tokenizers, against the enumeration of all of them. */
class CanonicalSessionTest {
    private static final double CLOSE = 1e-9;
    private static final int TOKENIZERS = 150;

    private static ScoredSession session(
            ToyTokenizer toy, BruteForceTrieLmService service, double defer, int pieceBytes) {
        SessionDefaults defaults = SessionDefaults.STANDARD.withTokenizations(Tokenizations.CANONICAL, defer);
        RulesOnDemand rules = new RulesOnDemand(() -> toy.rules, Runnable::run);
        PieceSize piece = new PieceSize(pieceBytes, 1 << 20);
        return new ScoredSession(new ScoringLogic(defaults, toy.vocabulary, Long.MAX_VALUE, piece, rules), service);
    }

    private static String opening(String emit, int top, String prompt) {
        return "{\"emit\":\"" + emit + "\",\"top\":" + top + ",\"prompt_hex\":\""
                + HexFormat.of().formatHex(prompt.getBytes(ISO_8859_1)) + "\"}";
    }

    private static double upper(Score score) {
        return Objects.requireNonNull(score.totalLogLikelihoodUpper());
    }

    /** Sends a text cut anywhere, each record's state being stored and restored. */
    private static List<Score> inChunks(ScoredSession session, String text, Random random) throws Exception {
        List<Score> scores = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = from + 1 + random.nextInt(text.length() - from);
            scores.addAll(session.bytes(text.substring(from, to).getBytes(ISO_8859_1)));
            session.storeAndRestore();
            from = to;
        }
        return scores;
    }

    @ParameterizedTest
    @ValueSource(strings = {"byte", "chunk"})
    void aScoreIsTheSumOverAllCanonicalSequencesHoweverTheTextIsCut(String emit) throws Exception {
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            String prompt = toy.text(random, random.nextInt(4));
            String text = toy.text(random, 1 + random.nextInt(6));
            ScoredSession session = session(toy, toy.service(), 0, 1 + random.nextInt(4));
            session.open(opening(emit, random.nextInt(3), prompt));
            session.storeAndRestore();
            for (Score score : inChunks(session, text, random)) {
                String read = text.substring(0, (int) score.bytesConsumed());
                double expected = Math.log(toy.probability(prompt + read) / toy.probability(prompt));
                String place = "seed " + seed + ", " + prompt + "|" + read;
                assertThat(score.totalLogLikelihood()).as(place).isCloseTo(expected, within(CLOSE));
                assertThat(upper(score)).as(place).isEqualTo(score.totalLogLikelihood());
            }
            assertThat(session.end().bytesConsumed()).isEqualTo(text.length());
        }
    }

    @Test
    void whatIsStoredAfterEachByteGoesOnAsIfItHadNotBeen() throws Exception {
        int deferred = 0;
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            double defer = random.nextInt(3) == 0 ? 0 : Math.pow(10, -3 * random.nextDouble());
            String open = opening("byte", 2 * random.nextInt(2), toy.text(random, random.nextInt(3)));
            String text = toy.text(random, 12);
            ScoredSession whole = session(toy, toy.service(), defer, Integer.MAX_VALUE);
            ScoredSession stored = session(toy, toy.service(), defer, 1);
            whole.open(open);
            stored.open(open);
            List<Score> expected = whole.bytes(text.getBytes(ISO_8859_1));
            for (int at = 0; at < text.length(); at++) {
                stored.storeAndRestore();
                Score score = stored.bytes(text.substring(at, at + 1).getBytes(ISO_8859_1))
                        .get(0);
                Score other = expected.get(at);
                String place = "seed " + seed + ", defer " + defer + ", byte " + at + " of " + text;
                assertThat(score.totalLogLikelihood()).as(place).isCloseTo(other.totalLogLikelihood(), within(CLOSE));
                assertThat(upper(score)).as(place).isCloseTo(upper(other), within(CLOSE));
                deferred += upper(score) > score.totalLogLikelihood() ? 1 : 0;
            }
        }
        assertThat(deferred).isGreaterThan(TOKENIZERS / 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void whereEveryByteIsToldARecordIsAskedForTogether(int top) throws Exception {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            BruteForceTrieLmService service = toy.service();
            ScoredSession session = session(toy, service, 0, Integer.MAX_VALUE);
            session.open(opening("byte", top, ""));
            int before = service.batches();
            byte[] text = toy.text(random, 60).getBytes(ISO_8859_1);
            assertThat(session.bytes(text)).as("seed %s", seed).hasSize(text.length);
            assertThat(service.batches() - before).as("seed %s", seed).isEqualTo(1);
        }
    }

    @Test
    void theTruthLiesBetweenBothEndsOfADeferredScore() throws Exception {
        double widest = 0;
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            String prompt = toy.text(random, random.nextInt(3));
            String text = toy.text(random, 14);
            ScoredSession exact = session(toy, toy.service(), 0, 100);
            ScoredSession session = session(toy, toy.service(), Math.pow(10, -2 * random.nextDouble()), 5);
            exact.open(opening("byte", 0, prompt));
            session.open(opening(random.nextBoolean() ? "byte" : "chunk", 0, prompt));
            List<Score> truth = exact.bytes(text.getBytes(ISO_8859_1));
            for (Score score : inChunks(session, text, random)) {
                double expected = truth.get((int) score.bytesConsumed() - 1).totalLogLikelihood();
                String place = "seed " + seed + ", byte " + score.bytesConsumed() + " of " + prompt + "|" + text;
                assertThat(expected).as(place).isBetween(score.totalLogLikelihood() - CLOSE, upper(score) + CLOSE);
                widest = Math.max(widest, upper(score) - score.totalLogLikelihood());
            }
        }
        assertThat(widest).isGreaterThan(0.001);
    }

    @Test
    void aChunkCostsAboutOneContextAToken() {
        int evaluations = 0;
        int bytewise = 0;
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, false);
            byte[] text = toy.text(random, 40).getBytes(ISO_8859_1);
            BruteForceTrieLmService service = toy.service();
            BruteForceTrieLmService other = toy.service();
            ScoredSession session = session(toy, service, 0, 100);
            session.open(opening("chunk", 0, ""));
            session.bytes(text);
            ScoredSession byBytes = session(toy, other, 0, 100);
            byBytes.open(opening("byte", 0, ""));
            byBytes.bytes(text);
            assertThat(service.batches()).as("seed %s", seed).isLessThan(4);
            evaluations += service.evaluations();
            bytewise += other.evaluations();
        }
        assertThat((double) evaluations).isLessThan(0.8 * bytewise);
    }

    @Test
    void aByteWithoutAnyTokenIsADeadEndAtThatByte() throws Exception {
        ToyTokenizer toy = ToyTokenizer.random(new Random(1), true);
        for (String emit : List.of("byte", "chunk", "end")) {
            ScoredSession session = session(toy, toy.service(), 0, 100);
            session.open(opening(emit, 0, ""));
            String text = toy.letters.substring(0, 1);
            List<Score> scores = session.bytes((text + (char) 7 + text).getBytes(ISO_8859_1));
            Score deadEnd = scores.get(scores.size() - 1);
            assertThat(deadEnd.event()).isEqualTo(Event.DEAD_END);
            assertThat(deadEnd.failedByte()).isEqualTo(7);
            assertThat(deadEnd.bytesConsumed()).isEqualTo(1);
            assertThat(deadEnd.totalLogLikelihood()).isCloseTo(Math.log(toy.probability(text)), within(CLOSE));
            session.storeAndRestore();
            assertThat(upper(session.end())).isEqualTo(deadEnd.totalLogLikelihood());
        }
    }

    @Test
    void whatTheModelDoesNotOfferIsADeadLetterThatSaysWhy() {
        ToyTokenizer toy = ToyTokenizer.random(new Random(2), false);
        ScoredSession session = new ScoredSession(
                new ScoringLogic(SessionDefaults.STANDARD, toy.vocabulary, Long.MAX_VALUE), toy.service());
        DeadLetter letter =
                (DeadLetter) session.open("{\"tokenizations\":\"canonical\"}").get(0);
        assertThat(letter.reason()).isEqualTo("no-canonical-tokenizations");
        assertThat(letter.message())
                .isEqualTo("open: this model offers no canonical tokenizations: nothing is known of how its tokenizer"
                        + " writes a text; set \"tokenizations\" to \"all\", or leave it out");
        assertThat(session.bytes("a")).hasSize(1);
    }

    @Test
    void anyOpenIsAcceptedOrRefusedWithAWord() {
        String[][] fields = {
            {"tokenizations", "\"all\"", "\"canonical\"", "\"canonical\"", "null", "7"},
            {"defer", "0", "0.5", "1", "-0.1", "1e-400", "1e400", "\"x\"", "null"},
            {"k", "3", "0", "\"x\""},
            {"prune_threshold", "0.1", "2"},
            {"heal", "true", "0"},
            {"heal_max_backoff", "1", "null", "-1"},
            {"eos_tokens", "[\"<e>\"]", "[\"none\"]", "[]"},
            {"emit", "\"byte\"", "\"chunk\"", "\"end\""},
            {"top", "0", "\"all\"", "300"}
        };
        int canonical = 0;
        int refused = 0;
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, true);
            ScoredSession session = session(toy, toy.service(), 0.1, 3);
            List<String> chosen = new ArrayList<>();
            for (String[] field : fields) {
                if (random.nextInt(4) == 0) {
                    chosen.add("\"" + field[0] + "\":" + field[1 + random.nextInt(field.length - 1)]);
                }
            }
            String open = "{" + String.join(",", chosen) + "}";
            List<OutputRecord> answers = session.open(open);
            for (OutputRecord answer : answers) {
                assertThat(((DeadLetter) answer).reason())
                        .as("seed %s, %s", seed, open)
                        .isIn("malformed-open", "unknown-eos-token");
            }
            refused += answers.size();
            session.bytes(toy.text(random, 4).getBytes(ISO_8859_1));
            canonical += session.end().totalLogLikelihoodUpper() == null ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(100);
        assertThat(canonical).isGreaterThan(100);
    }

    @Test
    void aSessionOfAnotherTokenizerIsNotReadOnAndEndsWithWhatItHas() throws Exception {
        ToyTokenizer toy = ToyTokenizer.random(new Random(3), true);
        SessionDefaults defaults = SessionDefaults.STANDARD.withTokenizations(Tokenizations.CANONICAL, 0);
        ScoredSession session = session(toy, toy.service(), 0, 100);
        session.bytes(toy.text(new Random(4), 5));
        ToyTokenizer other = ToyTokenizer.random(new Random(5), true);
        RulesOnDemand others = new RulesOnDemand(() -> other.rules, Runnable::run);
        ScoredSession resumed = session.resumedBy(
                new ScoringLogic(defaults, toy.vocabulary, Long.MAX_VALUE, PieceSize.STANDARD, others), toy.service());
        assertThat(resumed.refusal(null, "a".getBytes(UTF_8))).isEqualTo("tokenizer-changed");
        List<OutputRecord> ended = resumed.send("end", new byte[0]);
        assertThat(((Score) ended.get(0)).bytesConsumed()).isEqualTo(5);
        assertThat(((DeadLetter) ended.get(1)).reason()).isEqualTo("tokenizer-changed");
        assertThat(resumed.state()).isEqualTo(new Ended());
    }
}
