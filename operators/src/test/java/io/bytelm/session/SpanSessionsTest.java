package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SpanScore;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.span.Span;
import io.bytelm.span.SpanKind;
import io.bytelm.span.SpanRule;
import io.bytelm.span.SpanSpace;
import io.bytelm.span.WholeText;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions whose texts are split, however their records are cut. */
class SpanSessionsTest {
    private static final double CLOSE = 1e-9;
    private static final String TEXT =
            " the end. Hello  world,\nthe\tred dog!\n\nIt's 12 o'clock \u2026 \u00e9t\u00e9 and\u00a0so. on";
    private static final String WIDE = "\"k\":30,\"prune_threshold\":0";
    private static final String SOUND = "{\"emit\":\"end\",\"top\":0,\"spans\":";

    private static Vocabulary english;

    @BeforeAll
    static void readVocabulary() throws IOException {
        english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
    }

    private static ScoredSession session(SessionDefaults defaults, int pieceBytes) {
        ScoringLogic logic = new ScoringLogic(
                defaults, english, Long.MAX_VALUE, new PieceSize(pieceBytes, 1 << 20), RulesOnDemand.none());
        return new ScoredSession(logic, new BruteForceTrieLmService(english, new PortableModel(english.size())));
    }

    /** The records of a text cut anywhere, each state being stored and restored; and of its end, which may have bytes. */
    private static List<OutputRecord> told(ScoredSession session, byte[] text, Random random) throws IOException {
        List<OutputRecord> told = new ArrayList<>();
        int end = random.nextBoolean() ? text.length : random.nextInt(text.length + 1);
        for (int from = 0; from < end; ) {
            int to = Math.min(end, from + random.nextInt(12));
            told.addAll(session.send(null, Arrays.copyOfRange(text, from, to)));
            session.storeAndRestore();
            from = to;
        }
        told.addAll(session.send("end", Arrays.copyOfRange(text, end, text.length)));
        return told;
    }

    private static List<Span> spans(List<OutputRecord> told) {
        return told.stream()
                .filter(SpanScore.class::isInstance)
                .map(record -> ((SpanScore) record).span())
                .toList();
    }

    /** Log P of each beginning, by a session that says it after every byte. */
    private static double[] logLikelihoods(ScoredSession byteByByte, byte[] text) {
        List<Score> scores = byteByByte.bytes(text);
        double[] logs = new double[text.length + 1];
        scores.forEach(score -> logs[(int) score.bytesConsumed()] = score.totalLogLikelihood());
        return logs;
    }

    private static void requireSpansOf(List<Span> spans, byte[] text, SpanRule rule, double[] logs, String place) {
        int[] ends = WholeText.ends(rule.splitter(), text);
        assertThat(spans).as(place).hasSize(ends.length);
        int from = 0;
        for (int i = 0; i < ends.length; i++) {
            Span span = spans.get(i);
            assertThat(span.index()).as(place).isEqualTo(i);
            assertThat(span.from()).as(place).isEqualTo(from);
            assertThat(span.to()).as(place).isEqualTo(ends[i]);
            assertThat(span.text()).as(place).isEqualTo(Arrays.copyOfRange(text, from, ends[i]));
            assertThat(span.logLikelihood()).as(place).isCloseTo(logs[ends[i]] - logs[from], within(CLOSE));
            from = ends[i];
        }
    }

    private static List<SpanRule> rules() {
        return List.of(
                SpanRule.of(SpanKind.WORDS, SpanSpace.AFTER),
                SpanRule.of(SpanKind.WORDS, SpanSpace.BEFORE),
                SpanRule.of(SpanKind.LINES, SpanSpace.AFTER),
                SpanRule.of(SpanKind.SENTENCES, SpanSpace.BEFORE),
                SpanRule.of(SpanKind.SENTENCES, SpanSpace.AFTER),
                SpanRule.ofRegex("[a-z]+ [a-z]+x|[a-z]+|[0-9]+ "));
    }

    /** As much of the text as the toy model has ways to read. */
    private static byte[] readable(List<Score> scores, byte[] text) {
        Score last = scores.get(scores.size() - 1);
        assertThat(last.bytesConsumed()).isGreaterThan(30);
        return Arrays.copyOf(text, (int) last.bytesConsumed());
    }

    private static String asked(SpanRule rule) {
        String spans = rule.kind() == SpanKind.REGEX
                ? "{\"regex\":\"" + rule.pattern() + "\"}"
                : "\"" + rule.kind().label() + "\"";
        return SOUND + spans
                + (rule.kind().hasSpace() ? ",\"span_space\":\"" + rule.space().label() + "\"" : "") + "}";
    }

    @Test
    void spansAreTheSameHoweverRecordsAndPiecesAreCut() throws IOException {
        ScoredSession byteByByte = session(SessionDefaults.STANDARD, 1000);
        byteByByte.open("{\"emit\":\"byte\",\"top\":0," + WIDE + "}");
        List<Score> scores = byteByByte.bytes(TEXT);
        byte[] text = readable(scores, TEXT.getBytes(UTF_8));
        double[] logs = new double[text.length + 1];
        scores.forEach(score -> logs[(int) score.bytesConsumed()] = score.totalLogLikelihood());
        for (SpanRule rule : rules()) {
            for (long seed = 0; seed < 6; seed++) {
                Random random = new Random(seed);
                ScoredSession session = session(SessionDefaults.STANDARD, 1 + random.nextInt(9));
                assertThat(session.open(asked(rule).replace("{\"emit\"", "{" + WIDE + ",\"emit\"")))
                        .isEmpty();
                List<OutputRecord> told = told(session, text, random);
                String place = "seed " + seed + ", " + rule;
                requireSpansOf(spans(told), text, rule, logs, place);
                Score end = (Score) told.get(told.size() - 1);
                double sum =
                        spans(told).stream().mapToDouble(Span::logLikelihood).sum();
                assertThat(sum).as(place).isCloseTo(end.totalLogLikelihood(), within(CLOSE));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AFTER", "BEFORE"})
    void spansOfCanonicalSessionsAddUpToo(SpanSpace space) throws IOException {
        SpanRule rule = SpanRule.of(SpanKind.WORDS, space);
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            byte[] text = toy.text(random, 10).getBytes(ISO_8859_1);
            SessionDefaults defaults = SessionDefaults.STANDARD.withTokenizations(Tokenizations.CANONICAL, 0);
            RulesOnDemand rules = new RulesOnDemand(() -> toy.rules, Runnable::run);
            ScoringLogic logic =
                    new ScoringLogic(defaults, toy.vocabulary, Long.MAX_VALUE, new PieceSize(3, 1 << 20), rules);
            ScoredSession byteByByte = new ScoredSession(logic, toy.service());
            byteByByte.open("{\"emit\":\"byte\",\"top\":0}");
            double[] logs = logLikelihoods(byteByByte, text);
            ScoredSession session = new ScoredSession(logic, toy.service());
            session.open(asked(rule));
            requireSpansOf(spans(told(session, text, random)), text, rule, logs, "seed " + seed);
        }
    }

    @Test
    void aWordsProbabilityHasThatItEnds() throws IOException {
        ScoredSession byteByByte = session(SessionDefaults.STANDARD, 1000);
        byteByByte.open("{\"emit\":\"byte\",\"top\":\"all\",\"eos_tokens\":[\"ing\"]," + WIDE + "}");
        List<Score> scores = byteByByte.bytes(TEXT);
        byte[] text = readable(scores, TEXT.getBytes(UTF_8));
        ScoredSession session = session(SessionDefaults.STANDARD, 4);
        session.open("{" + WIDE + ",\"top\":0,\"eos_tokens\":[\"ing\"],\"spans\":\"words\",\"span_space\":\"before\"}");
        List<Span> spans = spans(told(session, text, new Random(3)));
        int words = 0;
        for (Span span : spans) {
            String whole = new String(span.text(), UTF_8);
            String word = whole.replaceAll("[\\s\\u00a0]+$", "");
            if (word.isEmpty() || whole.endsWith("\u00a0") || whole.contains("\uFFFD")) {
                assertThat(span.wordLogLikelihood()).as(whole).isNull();
                continue;
            }
            int end = (int) span.from() + word.getBytes(UTF_8).length;
            double before =
                    span.from() == 0 ? 0 : scores.get((int) span.from() - 1).totalLogLikelihood();
            Score atEnd = scores.get(end - 1);
            double expected = atEnd.totalLogLikelihood() - before + logEnd(Objects.requireNonNull(atEnd.next()));
            assertThat(span.wordLogLikelihood()).as(whole).isCloseTo(expected, within(1e-6));
            words++;
        }
        assertThat(words).isGreaterThan(4);
    }

    private static double logEnd(NextSymbols next) {
        return LogSpace.logSumExp(IntStream.range(0, next.size())
                .filter(i -> List.of(9, 10, 11, 12, 13, 32, Symbols.EOS).contains(next.symbols()[i]))
                .mapToDouble(i -> next.logProbs()[i])
                .toArray());
    }

    @Test
    void theSpansBeforeADeadEndAddUpToItsScore() {
        ScoredSession session = session(SessionDefaults.STANDARD, 1000);
        session.open("{\"k\":1,\"eos_tokens\":[\"!\",\".\"],\"heal\":false,\"top\":0,\"spans\":\"words\"}");
        List<OutputRecord> told = session.send(
                null,
                ("the" + "the end. Gr\u00fc\u00dfe, \u65e5\u672c\u8a9e! hello world, the end! ".repeat(4))
                        .getBytes(UTF_8));
        Score deadEnd = (Score) told.get(told.size() - 1);
        assertThat(deadEnd.event()).isEqualTo(Event.DEAD_END);
        List<Span> spans = spans(told);
        assertThat(spans.get(spans.size() - 1).to()).isEqualTo(deadEnd.bytesConsumed());
        assertThat(spans.stream().mapToDouble(Span::logLikelihood).sum())
                .isCloseTo(deadEnd.totalLogLikelihood(), within(CLOSE));
        assertThat(spans(session.send("end", null))).isEmpty();
    }

    @Test
    void aSpanComesBeforeTheScoreOfTheByteThatShowsItsEnd() {
        ScoredSession session = session(SessionDefaults.STANDARD, 1000);
        session.open("{\"emit\":\"byte\",\"top\":0,\"spans\":\"lines\"}");
        List<OutputRecord> told = session.send(null, "a\nb".getBytes(UTF_8));
        assertThat(told).hasSize(4);
        assertThat(((SpanScore) told.get(1)).span().to()).isEqualTo(2);
        assertThat(((Score) told.get(2)).bytesConsumed()).isEqualTo(2);
    }

    @Test
    void aLongSpanKeepsTheBeginningOfItsText() throws IOException {
        byte[] text = "a".repeat(5000).getBytes(UTF_8);
        ScoredSession session = session(SessionDefaults.STANDARD, 1000);
        session.open("{\"emit\":\"end\",\"top\":0,\"spans\":\"lines\"}");
        List<OutputRecord> told = new ArrayList<>(session.send(null, text));
        session.storeAndRestore();
        told.addAll(session.send("end", null));
        Span span = spans(told).get(0);
        assertThat(span.bytes()).isEqualTo(5000);
        assertThat(span.text()).hasSize(4096);
        assertThat(span.isCut()).isTrue();
    }

    @Test
    void spansThatOneByteDecidesAreCountedBeforeTheyAreMade() {
        ScoredSession session = session(SessionDefaults.STANDARD, 700);
        session.open(SOUND + "{\"regex\":\"a|a{2000}b\"}}");
        assertThat(spans(session.send(null, "a".repeat(1900).getBytes(UTF_8)))).isEmpty();
        assertThat(spans(session.send(null, "dog".getBytes(UTF_8)))).hasSize(1900);
    }

    @Test
    void theJobsRuleIsThatOfSessionsWhichNameNone() {
        SessionDefaults words = SessionDefaults.STANDARD.withObserving(
                new io.bytelm.record.Observing(SpanRule.of(SpanKind.WORDS, SpanSpace.AFTER), 0, 0, false));
        ScoredSession session = session(words, 1000);
        assertThat(spans(session.send(null, "the end of".getBytes(UTF_8)))).hasSize(2);
        assertThat(spans(session.send("end", null))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"paragraphs\"",
                "{\"regex\":\"a*\"}",
                "{\"regex\":\"(\"}",
                "{\"regex\":\"\"}",
                "{}",
                "{\"regex\":7}",
                "{\"pattern\":\"a\"}",
                "\"lines\",\"span_space\":\"before\"",
                "\"words\",\"span_space\":\"both\"",
                "null"
            })
    void anOpenThatAsksForNoSuchSpansIsADeadLetter(String spans) {
        ScoredSession session = session(SessionDefaults.STANDARD, 1000);
        List<OutputRecord> told = session.open(SOUND + spans + "}");
        assertThat(told).hasSize(1).first().isInstanceOfSatisfying(DeadLetter.class, letter -> {
            assertThat(letter.reason()).isEqualTo("malformed-open");
            assertThat(letter.message()).startsWith("open: ").containsAnyOf("spans", "span_space", "pattern", "regex");
        });
        assertThat(session.state()).isNull();
    }
}
