package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.Alert;
import io.bytelm.record.Anomaly;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.Observing;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.Surprisals;
import io.bytelm.record.Tokenizations;
import io.bytelm.record.ToldTokens;
import io.bytelm.record.ToldTokens.Token;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sessions say of how unusual bytes are, and of their tokens, however their records are cut. */
class ObservedSessionsTest {
    private static final double CLOSE = 1e-9;
    private static final String WIDE = "\"k\":30,\"prune_threshold\":0";
    private static final String TEXT =
            "the end. hello world, the red dog! it's 12 o'clock. hello hello world, the end of the red dog. zqxj the end!";

    private static Vocabulary english;

    @BeforeAll
    static void readVocabulary() throws IOException {
        english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
    }

    /** As much of the text as the toy model has ways to read. */
    private static byte[] readable() {
        ScoredSession session = session(1000);
        session.open("{\"emit\":\"byte\",\"top\":0," + WIDE + "}");
        List<Score> scores = session.bytes(TEXT);
        long read = scores.get(scores.size() - 1).bytesConsumed();
        assertThat(read).isGreaterThan(25);
        return Arrays.copyOf(TEXT.getBytes(UTF_8), (int) read);
    }

    private static ScoredSession session(int pieceBytes) {
        PieceSize piece = new PieceSize(pieceBytes, 1 << 20);
        ScoringLogic logic =
                new ScoringLogic(SessionDefaults.STANDARD, english, Long.MAX_VALUE, piece, RulesOnDemand.none());
        return new ScoredSession(logic, new BruteForceTrieLmService(english, new PortableModel(english.size())));
    }

    private static List<OutputRecord> told(ScoredSession session, byte[] text, Random random) throws IOException {
        List<OutputRecord> told = new ArrayList<>();
        for (int from = 0; from < text.length; ) {
            int to = Math.min(text.length, from + 1 + random.nextInt(12));
            told.addAll(session.send(null, Arrays.copyOfRange(text, from, to)));
            session.storeAndRestore();
            from = to;
        }
        told.addAll(session.send("end", null));
        return told;
    }

    @Test
    void zAndRankDoNotDependOnHowRecordsAreCut() throws IOException {
        byte[] text = readable();
        ScoredSession whole = session(1000);
        whole.open("{\"emit\":\"byte\",\"top\":\"all\",\"anomaly\":{\"window_bytes\":2}," + WIDE + "}");
        List<Score> scores = whole.bytes(text);
        Surprisals surprisals = Surprisals.of(2);
        double before = 0;
        int ranked = 0;
        for (int i = 0; i < scores.size(); i++) {
            double now = scores.get(i).totalLogLikelihood();
            surprisals = surprisals.plus((before - now) / Math.log(2));
            before = now;
            Anomaly anomaly = Objects.requireNonNull(scores.get(i).anomaly());
            assertThat(anomaly.z()).isEqualTo(surprisals.z());
            if (i > 0) {
                NextSymbols next = Objects.requireNonNull(scores.get(i - 1).next());
                assertThat(anomaly.rank()).as("byte " + i).isEqualTo(rank(next, text[i] & 0xFF));
                ranked += Objects.requireNonNull(anomaly.rank()) > 1 ? 1 : 0;
            }
        }
        assertThat(ranked).isGreaterThan(3);
        assertThat(surprisals.z()).isNotNull();
        for (long seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            ScoredSession cut = session(1 + random.nextInt(9));
            cut.open("{\"emit\":\"end\",\"top\":0,\"anomaly\":{\"window_bytes\":2}," + WIDE + "}");
            List<OutputRecord> told = told(cut, text, random);
            Anomaly end = Objects.requireNonNull(((Score) told.get(told.size() - 1)).anomaly());
            assertThat(end.rank()).isNull();
            assertThat(end.z()).as("seed " + seed).isCloseTo(Objects.requireNonNull(surprisals.z()), within(1e-6));
            assertThat(end.windowBitsPerByte())
                    .isCloseTo(Objects.requireNonNull(surprisals.windowBitsPerByte()), within(CLOSE));
        }
    }

    @Test
    void anAlertIsToldEachTimeThatZRisesToTheJobsThreshold() throws IOException {
        byte[] text = readable();
        List<Long> first = null;
        for (long seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            SessionDefaults alerting = SessionDefaults.STANDARD.withObserving(new Observing(null, 2, 0.5, false));
            PieceSize piece = new PieceSize(1 + random.nextInt(9), 1 << 20);
            ScoringLogic logic = new ScoringLogic(alerting, english, Long.MAX_VALUE, piece, RulesOnDemand.none());
            ScoredSession session =
                    new ScoredSession(logic, new BruteForceTrieLmService(english, new PortableModel(english.size())));
            session.open("{" + WIDE + "}");
            List<Long> alerts = told(session, text, random).stream()
                    .filter(Alert.class::isInstance)
                    .map(record -> ((Alert) record).score().bytesConsumed())
                    .toList();
            first = first == null ? alerts : first;
            assertThat(alerts).as("seed " + seed).isEqualTo(first);
        }
        assertThat(first).isEqualTo(risesTo(0.5, text));
        assertThat(first).isNotEmpty();
    }

    private static List<Long> risesTo(double threshold, byte[] text) {
        ScoredSession whole = session(1000);
        whole.open("{\"emit\":\"byte\",\"top\":0,\"anomaly\":{\"window_bytes\":2}," + WIDE + "}");
        List<Long> rises = new ArrayList<>();
        boolean wasAbove = false;
        for (Score score : whole.bytes(text)) {
            Double z = Objects.requireNonNull(score.anomaly()).z();
            boolean isAbove = z != null && z >= threshold;
            if (isAbove && !wasAbove) {
                rises.add(score.bytesConsumed());
            }
            wasAbove = isAbove;
        }
        return rises;
    }

    private static int rank(NextSymbols next, int b) {
        double logProb = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < next.size(); i++) {
            logProb = next.symbols()[i] == b ? next.logProbs()[i] : logProb;
        }
        int rank = 0;
        for (int i = 0; i < next.size(); i++) {
            rank += next.symbols()[i] < 256 && next.logProbs()[i] >= logProb ? 1 : 0;
        }
        return rank;
    }

    @Test
    void nobodyIsToldWhatNobodyAskedFor() {
        ScoredSession session = session(1000);
        assertThat(session.bytes("the end").get(0).anomaly()).isNull();
    }

    private static List<Token> tokens(List<OutputRecord> told) {
        return told.stream()
                .filter(ToldTokens.class::isInstance)
                .flatMap(record -> ((ToldTokens) record).tokens().stream())
                .toList();
    }

    /** They follow each other without a gap from the prompt's end on, and their bytes are those of the text. */
    private static void requireTokensOf(
            byte[] all, int promptBytes, List<Token> tokens, Vocabulary vocabulary, String place) {
        long at = tokens.isEmpty() ? 0 : tokens.get(0).from();
        assertThat(at).as(place).isLessThanOrEqualTo(0);
        for (Token token : tokens) {
            assertThat(token.from()).as(place).isEqualTo(at);
            assertThat(token.to()).as(place).isPositive();
            int from = (int) token.from() + promptBytes;
            assertThat(vocabulary.bytes(token.id()))
                    .as(place)
                    .isEqualTo(Arrays.copyOfRange(all, from, (int) token.to() + promptBytes));
            at = token.to();
        }
    }

    @Test
    void eachSettledTokenIsToldOnceAndInOrder() throws IOException {
        String prompt = "hello wor";
        byte[] text = TEXT.getBytes(UTF_8);
        List<Token> first = null;
        for (long seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            ScoredSession session = session(1 + random.nextInt(9));
            session.open("{\"prompt\":\"" + prompt + "\",\"top\":0,\"settled_tokens\":true}");
            List<Token> tokens = tokens(told(session, text, random));
            first = first == null ? tokens : first;
            assertThat(tokens).as("seed " + seed).isEqualTo(first);
            requireTokensOf((prompt + TEXT).getBytes(UTF_8), prompt.length(), tokens, english, "seed " + seed);
        }
        assertThat(Objects.requireNonNull(first)).hasSizeGreaterThan(5);
        assertThat(first.get(first.size() - 1).to()).isGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1})
    void tokensOfCanonicalSessionsAreThoseOfTheTrunk(double defer) throws IOException {
        int told = 0;
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            byte[] text = toy.text(random, 12).getBytes(ISO_8859_1);
            SessionDefaults defaults = SessionDefaults.STANDARD.withTokenizations(Tokenizations.CANONICAL, defer);
            RulesOnDemand rules = new RulesOnDemand(() -> toy.rules, Runnable::run);
            ScoringLogic logic =
                    new ScoringLogic(defaults, toy.vocabulary, Long.MAX_VALUE, new PieceSize(3, 1 << 20), rules);
            ScoredSession session = new ScoredSession(logic, toy.service());
            session.open("{\"top\":0,\"settled_tokens\":true}");
            List<Token> tokens = tokens(told(session, text, random));
            requireTokensOf(text, 0, tokens, toy.vocabulary, "seed " + seed);
            told += tokens.size();
        }
        assertThat(told).isGreaterThan(60);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"anomaly\":{\"window_bytes\":1}",
                "\"anomaly\":{\"window_bytes\":4097}",
                "\"anomaly\":{}",
                "\"anomaly\":5",
                "\"anomaly\":{\"window\":5}",
                "\"settled_tokens\":1"
            })
    void anOpenThatAsksForSomethingElseIsADeadLetter(String field) {
        List<OutputRecord> told = session(1000).open("{" + field + "}");
        assertThat(told).hasSize(1).first().isInstanceOfSatisfying(DeadLetter.class, letter -> {
            assertThat(letter.reason()).isEqualTo("malformed-open");
            assertThat(letter.message()).contains(field.contains("window") ? "window" : field.substring(1, 8));
        });
    }
}
