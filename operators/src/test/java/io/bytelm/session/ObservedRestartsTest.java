package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.DeadEndKind;
import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.Anomaly;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SpanScore;
import io.bytelm.record.Tokenizations;
import io.bytelm.record.ToldPlaces;
import io.bytelm.record.ToldTokens;
import io.bytelm.record.ToldTokens.Token;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.span.Span;
import io.bytelm.span.SpanRule;
import io.bytelm.span.WholeText;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What sessions say beside their scores that read on after dead ends, however their records are cut. */
class ObservedRestartsTest {
    private static final double CLOSE = 1e-9;
    private static final int SEEDS = 80;
    private static final String UNKNOWN = "\u0001\u0002";
    private static final String SPANS = "[ab]+|[^ab]";
    private static final String OBSERVING = "{\"emit\":\"byte\",\"top\":0,\"anomaly\":{\"window_bytes\":2},"
            + "\"settled_tokens\":true,\"spans\":{\"regex\":\"" + SPANS + "\"}";

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

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String text(Random random, String letters, int length) {
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, letters.length()).forEach(i -> text.append(letters.charAt(i)));
        return text.toString();
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

    private static List<OutputRecord> told(ScoredSession session, byte[] text, @Nullable Random random)
            throws IOException {
        List<OutputRecord> told = new ArrayList<>();
        for (int from = 0; from < text.length; ) {
            int to = random == null ? text.length : from + 1 + random.nextInt(text.length - from);
            session.storeAndRestore();
            told.addAll(session.send(null, Arrays.copyOfRange(text, from, to)));
            from = to;
        }
        told.addAll(session.send("end", null));
        return told;
    }

    private static List<Token> tokens(List<OutputRecord> told) {
        return told.stream()
                .filter(ToldTokens.class::isInstance)
                .flatMap(record -> ((ToldTokens) record).tokens().stream())
                .toList();
    }

    private static List<Span> spans(List<OutputRecord> told) {
        return told.stream()
                .filter(SpanScore.class::isInstance)
                .map(record -> ((SpanScore) record).span())
                .toList();
    }

    private static List<Score> scores(List<OutputRecord> told, Event event) {
        return told.stream()
                .filter(Score.class::isInstance)
                .map(Score.class::cast)
                .filter(score -> score.event() == event)
                .toList();
    }

    private static void requireAsWithout(
            ScoredSession restarting, ScoredSession whole, String prompt, String text, Random random, String place)
            throws IOException {
        String open = OBSERVING + ",\"prompt_hex\":\"" + HexFormat.of().formatHex(bytes(prompt)) + "\"}";
        restarting.open(open);
        whole.open(open);
        byte[] broken = bytes(broken(text, random));
        List<OutputRecord> expected = told(whole, bytes(text), null);
        List<OutputRecord> told = told(restarting, broken, random);

        int[] places = placesOfReadable(broken);
        List<Token> expectedTokens = tokens(expected).stream()
                .map(token -> new Token(
                        token.id(),
                        token.from() < 0 ? token.from() : places[(int) token.from()],
                        places[(int) token.to() - 1] + 1))
                .toList();
        assertThat(tokens(told)).as(place).isEqualTo(expectedTokens);
        List<Score> bytes = scores(told, Event.BYTE);
        List<Score> expectedBytes = scores(expected, Event.BYTE);
        assertThat(bytes).as(place).hasSameSizeAs(expectedBytes);
        double[] logs = new double[broken.length + 1];
        for (int i = 0; i < bytes.size(); i++) {
            assertThat(bytes.get(i).bytesConsumed()).as(place).isEqualTo(places[i] + 1);
            requireClose(bytes.get(i).anomaly(), expectedBytes.get(i).anomaly(), place);
            Arrays.fill(logs, places[i] + 1, logs.length, bytes.get(i).totalLogLikelihood());
        }
        scores(told, Event.DEAD_END)
                .forEach(score -> assertThat(
                                Objects.requireNonNull(score.anomaly()).rank())
                        .as(place)
                        .isNull());
        requireSpans(spans(told), broken, logs, place);
    }

    private static int[] placesOfReadable(byte[] broken) {
        int[] places = new int[broken.length];
        int read = 0;
        for (int at = 0; at < broken.length; at++) {
            if (UNKNOWN.indexOf(broken[at]) < 0) {
                places[read++] = at;
            }
        }
        return Arrays.copyOf(places, read);
    }

    private static void requireClose(@Nullable Anomaly actual, @Nullable Anomaly expected, String place) {
        assertThat(actual).as(place).isNotNull();
        Anomaly other = Objects.requireNonNull(expected);
        assertThat(Objects.requireNonNull(actual).rank()).as(place).isEqualTo(other.rank());
        assertThat(actual.windowBitsPerByte() == null).as(place).isEqualTo(other.windowBitsPerByte() == null);
        assertThat(actual.z() == null).as(place).isEqualTo(other.z() == null);
        if (actual.windowBitsPerByte() != null) {
            assertThat(actual.windowBitsPerByte())
                    .as(place)
                    .isCloseTo(Objects.requireNonNull(other.windowBitsPerByte()), within(CLOSE));
        }
    }

    private static void requireSpans(List<Span> spans, byte[] text, double[] logs, String place) {
        int[] ends = WholeText.ends(SpanRule.ofRegex(SPANS).splitter(), text);
        assertThat(spans).as(place).hasSize(ends.length);
        int from = 0;
        for (int i = 0; i < ends.length; i++) {
            Span span = spans.get(i);
            assertThat(span.from()).as(place).isEqualTo(from);
            assertThat(span.to()).as(place).isEqualTo(ends[i]);
            assertThat(span.text()).as(place).isEqualTo(Arrays.copyOfRange(text, from, ends[i]));
            assertThat(span.logLikelihood()).as(place).isCloseTo(logs[ends[i]] - logs[from], within(CLOSE));
            from = ends[i];
        }
    }

    @Test
    void withCanonicalTokenizationsAllIsSaidAsIfTheBytesWithoutTokenWereNotThere() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            requireAsWithout(
                    canonical(toy, OnDeadEnd.RESTART, 1 + random.nextInt(6)),
                    canonical(toy, OnDeadEnd.STOP, 1000),
                    toy.text(random, random.nextInt(4)),
                    toy.text(random, 1 + random.nextInt(16)),
                    random,
                    "seed " + seed);
        }
    }

    @Test
    void withAllTokenizationsAllIsSaidAsIfTheBytesWithoutTokenWereNotThere() throws IOException {
        Vocabulary vocabulary = ToyVocabulary.of("<s>", "a", "b", "c", "ab", "bc", "abc", "ca", "cab");
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            requireAsWithout(
                    ofAll(vocabulary, OnDeadEnd.RESTART, 1 + random.nextInt(6)),
                    ofAll(vocabulary, OnDeadEnd.STOP, 1000),
                    text(random, "abc", random.nextInt(4)),
                    text(random, "abc", 1 + random.nextInt(16)),
                    random,
                    "seed " + seed);
        }
    }

    /** Random vocabularies in which bytes stand only in longer tokens, and beams that are pruned into dead ends. */
    @Test
    void afterDeadEndsOfAllKindsTokensAreThoseOfTheirBytesAndCutsDoNotMatter() throws IOException {
        Set<DeadEndKind> kinds = EnumSet.noneOf(DeadEndKind.class);
        int told = 0;
        for (long seed = 0; seed < 4 * SEEDS; seed++) {
            Random random = new Random(seed);
            Vocabulary vocabulary = ToyVocabulary.random(random);
            byte[] text = bytes(text(random, "abc\u0000\u0080\u00ff$", 1 + random.nextInt(30)));
            String prompt = HexFormat.of().formatHex(bytes(text(random, "abc", random.nextInt(3))));
            String open = OBSERVING + ",\"k\":" + (1 + random.nextInt(2)) + ",\"heal\":" + random.nextBoolean()
                    + ",\"prompt_hex\":\"" + prompt + "\"}";
            ScoredSession session = ofAll(vocabulary, OnDeadEnd.RESTART, 1000);
            ScoredSession cut = ofAll(vocabulary, OnDeadEnd.RESTART, 1 + random.nextInt(3));
            session.open(open);
            cut.open(open);
            String place = "seed " + seed;
            List<OutputRecord> whole = told(session, text, null);
            List<OutputRecord> inParts = told(cut, text, random);
            assertThat(tokens(inParts)).as(place).isEqualTo(tokens(whole));
            assertThat(spans(inParts)).as(place).hasSameSizeAs(spans(whole));
            requireTokensOfTheirBytes(tokens(whole), scores(whole, Event.BYTE), text, vocabulary, place);
            requireLogLikelihoodsThatAddUp(spans(whole), whole, place);
            scores(whole, Event.DEAD_END).forEach(score -> kinds.add(Objects.requireNonNull(score.deadEnd())));
            told += tokens(whole).size();
        }
        assertThat(kinds).containsExactlyInAnyOrder(DeadEndKind.values());
        assertThat(told).isGreaterThan(8 * SEEDS);
    }

    @Test
    void aWordThatEndsWithWhiteSpaceThatNoTokenHasSaysNothingOfItsEnd() {
        Vocabulary vocabulary = ToyVocabulary.of("<s>", "a", "b", "ab", "\n");
        ScoredSession session = ofAll(vocabulary, OnDeadEnd.RESTART, 1000);
        session.open("{\"emit\":\"end\",\"top\":0,\"spans\":\"words\",\"span_space\":\"before\"}");

        List<OutputRecord> told = new ArrayList<>(session.send(null, bytes("ab ba\nab")));
        told.addAll(session.send("end", null));

        assertThat(spans(told))
                .extracting(Span::wordLogLikelihood)
                .satisfiesExactly(
                        first -> assertThat(first).isNull(),
                        second -> assertThat(second).isNegative(),
                        third -> assertThat(third).isNegative());
        assertThat(spans(told))
                .extracting(span -> new String(span.text(), ISO_8859_1))
                .containsExactly("ab ", "ba\n", "ab");
    }

    /** Where tokens do not settle for long, no place is told wrongly. */
    @Test
    void tokensAroundVeryManyGapsThatHaveNotSettledAreNotTold() {
        ToldPlaces places = ToldPlaces.NONE;
        for (long place = 1; place < 4L * ToldPlaces.MOST_GAPS; place += 2) {
            places = places.leavingOut(place);
            assertThat(places.gaps()).hasSizeLessThanOrEqualTo(ToldPlaces.MOST_GAPS);
            assertThat(places.endBefore(place + 1)).isEqualTo(places.gaps().isEmpty() ? place + 1 : place);
        }
        assertThat(places.from()).isGreaterThan(2L * ToldPlaces.MOST_GAPS);
    }

    private static void requireTokensOfTheirBytes(
            List<Token> tokens, List<Score> read, byte[] text, Vocabulary vocabulary, String place) {
        boolean[] isRead = new boolean[text.length];
        read.forEach(score -> isRead[(int) score.bytesConsumed() - 1] = true);
        long end = Long.MIN_VALUE;
        for (Token token : tokens) {
            assertThat(token.from()).as(place).isGreaterThanOrEqualTo(end);
            end = token.to();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int at = (int) Math.max(0, token.from()); at < token.to(); at++) {
                if (isRead[at]) {
                    bytes.write(text[at]);
                }
            }
            byte[] expected = vocabulary.bytes(token.id());
            int ofPrompt = (int) Math.max(0, -token.from());
            assertThat(bytes.toByteArray())
                    .as("%s: %s", place, token)
                    .isEqualTo(Arrays.copyOfRange(expected, ofPrompt, expected.length));
            assertThat(isRead[(int) token.to() - 1]).as(place).isTrue();
        }
    }

    private static void requireLogLikelihoodsThatAddUp(List<Span> spans, List<OutputRecord> told, String place) {
        Score end = scores(told, Event.END).get(0);
        double sum = spans.stream().mapToDouble(Span::logLikelihood).sum();
        assertThat(sum).as(place).isCloseTo(end.totalLogLikelihood(), within(1e-6));
        long bytes = spans.stream().mapToLong(Span::bytes).sum();
        assertThat(bytes).as(place).isEqualTo(end.bytesConsumed());
    }
}
