package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that ask what candidates weigh, in sessions of both kinds of tokenizations. */
class CandidatesSessionTest {
    private static final double SAME = 1e-9;

    private static Vocabulary english;

    @BeforeAll
    static void readVocabulary() throws IOException {
        english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
    }

    private static ScoredSession session() {
        return new ScoredSession(english, SessionDefaults.STANDARD);
    }

    private static String list(String... candidates) {
        return Stream.of(candidates).map(text -> "\"" + text + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static CandidatesRecord ask(ScoredSession session, String json) {
        List<OutputRecord> outputs = session.send("candidates", json.getBytes(UTF_8));
        assertThat(outputs).hasSize(1);
        return (CandidatesRecord) outputs.get(0);
    }

    private static DeadLetter refusal(ScoredSession session, String op, String json) {
        return (DeadLetter) session.send(op, json.getBytes(UTF_8)).get(0);
    }

    @Test
    void eachWeighsWhatASessionThatReadsItSays() throws IOException {
        String[] candidates = {" world", " there", " world, the end", " w", " there"};
        ScoredSession asking = session();
        asking.bytes("hello");
        asking.storeAndRestore();
        CandidatesRecord record = ask(asking, "{\"candidates\": " + list(candidates) + "}");
        assertThat(record.bytesConsumed()).isEqualTo(5);
        for (int place = 0; place < candidates.length; place++) {
            ScoredSession alone = session();
            alone.bytes("hello");
            alone.storeAndRestore();
            Score score = alone.bytes(candidates[place]).get(0);
            assertThat(record.scores().logLikelihoods()[place]).isCloseTo(score.chunkLogLikelihood(), within(SAME));
        }
        assertThat(record.scores().logLikelihoods()[4])
                .isEqualTo(record.scores().logLikelihoods()[1]);
        assertThat(record.source().offset()).isEqualTo(1);
    }

    @Test
    void theEndWeighsWhatTheEndOfASessionSays() {
        String opening = "{\"prompt\": \"hello\", \"eos_tokens\": [\".\"]}";
        ScoredSession asking = session();
        asking.open(opening);
        CandidatesRecord record = ask(asking, "{\"candidates\": [\" world\"], \"end\": true}");
        ScoredSession alone = session();
        alone.open(opening);
        alone.bytes(" world");
        Score end = alone.end();
        double endLogProb = Objects.requireNonNull(end.eosLogProb());
        assertThat(record.scores().endLogProbs()).isNotNull();
        assertThat(record.scores().endLogProbs()[0]).isCloseTo(endLogProb, within(SAME));
        assertThat(record.scores().logLikelihoods()[0]).isCloseTo(end.totalLogLikelihood() + endLogProb, within(SAME));
    }

    @Test
    void theSessionGoesOnAsIfNobodyHadAsked() throws IOException {
        ScoredSession asking = session();
        asking.bytes("hello");
        asking.storeAndRestore();
        SessionState before = asking.state();
        ask(asking, "{\"candidates\": [\" world\"]}");
        assertThat(asking.state()).isSameAs(before);
        Score asked = asking.bytes(" the end").get(0);
        ScoredSession quiet = session();
        quiet.bytes("hello");
        assertThat(asked.totalLogLikelihood())
                .isCloseTo(quiet.bytes(" the end").get(0).totalLogLikelihood(), within(SAME));
    }

    @Test
    void aSessionThatHasNotBegunIsAskedFromTheBeginningAndStaysSo() {
        ScoredSession asking = session();
        CandidatesRecord record = ask(asking, "{\"candidates\": [\"the\", {\"hex\": \"ff\"}]}");
        assertThat(asking.state()).isNull();
        assertThat(record.bytesConsumed()).isZero();
        assertThat(record.scores().logLikelihoods()[0])
                .isCloseTo(session().bytes("the").get(0).totalLogLikelihood(), within(SAME));
        assertThat(record.scores().texts().get(1)).containsExactly(0xFF);
    }

    @Test
    void anOpenIsAnsweredRightAfterItsPrompt() {
        ScoredSession opening = session();
        CandidatesRecord opened =
                (CandidatesRecord) opening.open("{\"prompt\": \"hello\", \"candidates\": [\" world\", \" you\"]}")
                        .get(0);
        ScoredSession asking = session();
        asking.open("{\"prompt\": \"hello\"}");
        CandidatesRecord asked = ask(asking, "{\"candidates\": [\" world\", \" you\"]}");
        assertThat(opened.scores()).isEqualTo(asked.scores());
        assertThat(opening.state()).isEqualTo(asking.state());
        assertThat(opening.bytes(" world").get(0).totalLogLikelihood())
                .isCloseTo(opened.scores().logLikelihoods()[0], within(SAME));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void overCanonicalTokenizationsTheyAreExact(double defer) throws IOException {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            String before = toy.text(random, 1 + random.nextInt(3));
            String candidate = toy.text(random, 1 + random.nextInt(3));
            ScoredSession session = canonical(toy, defer);
            session.bytes(before);
            session.storeAndRestore();
            SessionState state = session.state();
            String hex = HexFormat.of().formatHex(candidate.getBytes(UTF_8));
            CandidatesRecord record = ask(session, "{\"candidates\": [{\"hex\": \"" + hex + "\"}]}");
            assertThat(record.scores().logLikelihoods()[0])
                    .as("seed %s, %s|%s", seed, before, candidate)
                    .isCloseTo(Math.log(toy.probability(before + candidate) / toy.probability(before)), within(SAME));
            assertThat(session.state()).isSameAs(state);
        }
    }

    private static ScoredSession canonical(ToyTokenizer toy, double defer) {
        SessionDefaults defaults = SessionDefaults.STANDARD.withTokenizations(Tokenizations.CANONICAL, defer);
        RulesOnDemand rules = new RulesOnDemand(() -> toy.rules, Runnable::run);
        ScoringLogic logic = new ScoringLogic(defaults, toy.vocabulary, Long.MAX_VALUE, PieceSize.STANDARD, rules);
        return new ScoredSession(logic, toy.service());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"candidates": []}             | candidates: the list of candidates is empty; at least one is needed
                    {"candidates": ["a", ""]}      | candidates: candidate 1 (counted from 0) is empty; each has at least one byte
                    {"candidates": "a"}            | candidates: field "candidates" is "a"; allowed is a list of texts and of objects like {"hex": "ff"}
                    {"candidates": [3]}            | candidates: field "candidates" is 3; allowed is a list of texts and of objects like {"hex": "ff"}
                    {"candidates": [{"hex": "f"}]} | candidates: field "hex" is "f"; allowed is bytes in hex, two digits each
                    {"candidates": [{"tex": "f"}]} | candidates: unknown field "tex"; allowed are hex
                    {"candidates": ["a"], "e": 1}  | candidates: unknown field "e"; allowed are candidates, end
                    {"candidates": ["a"], "end":1} | candidates: field "end" is 1; allowed is true or false
                    {}                             | candidates: field "candidates" is missing; send {"candidates": ["one", {"hex": "ff"}], "end": false}
                    """)
    void whatCannotBeAnsweredIsADeadLetterThatSaysWhy(String json, String message) {
        ScoredSession session = session();
        session.bytes("hello");
        SessionState before = session.state();
        DeadLetter letter = refusal(session, "candidates", json);
        assertThat(letter.message()).isEqualTo(message);
        assertThat(letter.reason()).isEqualTo("malformed-candidates");
        assertThat(session.state()).isSameAs(before);
    }

    @Test
    void noValueAndNoJsonAreDeadLetters() {
        assertThat(refusal(session(), "candidates", "").message()).startsWith("candidates: the value is empty; send {");
        assertThat(refusal(session(), "candidates", "nothing").message())
                .startsWith("candidates: the value is not a JSON object: ")
                .endsWith("; send {\"candidates\": [\"one\", {\"hex\": \"ff\"}], \"end\": false}");
    }

    /** A value with some bytes changed, cut or doubled is answered, or refused, and never fails. */
    @Test
    void whateverTheValueIsThereIsOneRecordAndTheSessionStays() {
        byte[] value = "{\"candidates\": [\" world\", {\"hex\": \"ff00\"}, \"\\ud83d\\ude00\"], \"end\": false}"
                .getBytes(UTF_8);
        ScoredSession session = session();
        session.bytes("hello");
        SessionState before = session.state();
        int answered = 0;
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            byte[] changed =
                    random.nextInt(4) == 0 ? Arrays.copyOf(value, random.nextInt(value.length)) : value.clone();
            for (int i = random.nextInt(3); i > 0 && changed.length > 0; i--) {
                changed[random.nextInt(changed.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : '"');
            }
            List<OutputRecord> outputs = session.send("candidates", changed);
            assertThat(outputs).as("seed " + seed).hasSize(1);
            assertThat(session.state()).as("seed " + seed).isSameAs(before);
            answered += outputs.get(0) instanceof CandidatesRecord ? 1 : 0;
        }
        assertThat(answered).isBetween(50, 350);
    }

    @Test
    void aHundredThousandCandidatesAreADeadLetter() {
        String[] many = new String[100_000];
        Arrays.fill(many, "a");
        DeadLetter letter = refusal(session(), "candidates", "{\"candidates\": " + list(many) + "}");
        assertThat(letter.message()).startsWith("candidates: 100000 candidates; at most 1024 are weighed at once");
    }

    @Test
    void theEndIsRefusedWhereNothingEndsATextAlsoInAnOpen() {
        String json = "{\"candidates\": [\"a\"], \"end\": true}";
        String why =
                "field \"end\" is true, but no token ends the texts of this session; name some as \"eos_tokens\" of"
                        + " its open, or leave \"end\" out";
        assertThat(refusal(session(), "candidates", json).message()).isEqualTo("candidates: " + why);
        assertThat(refusal(session(), "open", json).message()).isEqualTo("open: " + why);
        assertThat(refusal(session(), "open", "{\"end\": true}").message())
                .isEqualTo("open: field \"end\" means nothing without \"candidates\"; leave it out");
    }

    @Test
    void aSessionThatHasEndedOrDecodesIsNotAsked() {
        ScoredSession ended = session();
        ended.bytes("hello");
        ended.end();
        assertThat(ended.refusal("candidates", "{\"candidates\": [\"a\"]}".getBytes(UTF_8)))
                .isEqualTo("session-ended");
        DeadLetter mode = decoding("open", "{\"mode\": \"steered\", \"candidates\": [\"a\"]}", null);
        assertThat(mode.message())
                .isEqualTo(
                        "open: field \"candidates\" is not allowed here: a session with a \"mode\" decodes; candidates"
                                + " are weighed in one that scores");
        assertThat(decoding("candidates", "{\"candidates\": [\"a\"]}", "{\"mode\": \"steered\"}")
                        .reason())
                .isEqualTo("session-decoding");
    }

    private static DeadLetter decoding(String op, String json, @Nullable String opening) {
        PortableModel model = new PortableModel(english.size());
        BruteForceTrieLmService service = new BruteForceTrieLmService(english, model);
        AllSessionsLogic logic =
                new AllSessionsLogic(SessionDefaults.STANDARD, english, model.contextTokens(), Runnable::run);
        SessionState state = null;
        if (opening != null) {
            state = logic.onRecord(null, record("open", opening, 0))
                    .run(service::expandAll)
                    .state();
        }
        return (DeadLetter) logic.onRecord(state, record(op, json, 1))
                .run(service::expandAll)
                .outputs()
                .get(0);
    }

    private static InputRecord record(String op, String json, long offset) {
        return new InputRecord(new byte[] {'s'}, op, json.getBytes(UTF_8), new SourcePosition("in", 0, offset, 0));
    }
}
