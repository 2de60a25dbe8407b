package io.bytelm.job.likelihood.scoring;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.job.likelihood.document.Item;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.TrieLmService;
import io.bytelm.span.SpanKind;
import io.bytelm.span.SpanRule;
import io.bytelm.span.SpanSpace;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.bpe.CanonicalPairs;
import io.bytelm.vocab.bpe.MergeTable;
import io.bytelm.vocab.cuts.Pretokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents over canonical tokenizations, by the operator alone. */
@Timeout(60)
class CanonicalDocumentsTest {
    static final int WITHOUT_TOKEN = 0x1D;
    private static final int BOS = 256;
    static final Vocabulary VOCABULARY = vocabulary();
    private static final CanonicalScoring EXACT = new CanonicalScoring(0);
    private static final List<String> TEXTS = List.of("ab", "cabab", "d", "ba\u00e9");

    /** Every byte but one is a token of its own number; {@code ab} is one too. */
    private static Vocabulary vocabulary() {
        List<byte[]> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(b == WITHOUT_TOKEN ? new byte[0] : new byte[] {(byte) b});
        }
        tokens.add("<s>".getBytes(UTF_8));
        tokens.add("ab".getBytes(UTF_8));
        return new Vocabulary(tokens, Collections.nCopies(tokens.size(), TokenKind.NORMAL), BOS, new byte[0]);
    }

    static CanonicalRules rules() {
        int[][] symbols = new int[VOCABULARY.size()][];
        for (int b = 0; b < 256; b++) {
            symbols[b] = b == WITHOUT_TOKEN ? null : new int[] {b};
        }
        symbols[BOS + 1] = new int[] {'a', 'b'};
        MergeTable merges = new MergeTable(new int[] {'a'}, new int[] {'b'}, new int[] {BOS + 1});
        return new CanonicalRules(
                VOCABULARY,
                CanonicalPairs.of(merges, symbols),
                Pretokenizer.NONE,
                Map.of(),
                new BitSet(),
                new BitSet(),
                true);
    }

    /** @param rules null if it does not say */
    private record Toy(TrieLmService service, @Nullable CanonicalRules rules, boolean answers)
            implements TrieLmService {
        static Toy answering() {
            return new Toy(
                    new BruteForceTrieLmService(VOCABULARY, new PortableModel(VOCABULARY.size())),
                    CanonicalDocumentsTest.rules(),
                    true);
        }

        @Override
        public Vocabulary vocabulary() {
            return VOCABULARY;
        }

        @Override
        public CanonicalRules canonicalRules() {
            if (rules == null) {
                throw new NoCanonicalTokenizationsException("it does not say");
            }
            return rules;
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return answers ? service.expand(request) : new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }

    private static OneInputStreamOperatorTestHarness<Item, String> operator(
            TrieLmService service, CanonicalScoring canonical, boolean everyByte) throws Exception {
        ScoringPlan plan = new ScoringPlan(
                () -> service, SessionDefaults.STANDARD, canonical, Windows.NONE, everyByte, 8, 1 << 20);
        return new OneInputStreamOperatorTestHarness<>(new LikelihoodOperatorFactory(plan));
    }

    private static StreamRecord<Item> document(int number, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new StreamRecord<>(Item.document("in", number, "in:" + number, bytes, bytes.length));
    }

    private static List<String> rows(CanonicalScoring canonical, boolean everyByte) throws Exception {
        try (var operator = operator(Toy.answering(), canonical, everyByte)) {
            operator.open();
            for (int i = 0; i < TEXTS.size(); i++) {
                operator.processElement(document(i, TEXTS.get(i)));
            }
            operator.endInput();
            return operator.extractOutputValues().stream().sorted().toList();
        }
    }

    @Test
    void whatWasInFlightIsScoredAgainAfterARestore() throws Exception {
        List<String> undisturbed = rows(EXACT, false);
        assertThat(undisturbed).hasSize(TEXTS.size()).allMatch(row -> row.contains("\"log_likelihood_upper\""));
        OperatorSubtaskState state;
        Toy silent = new Toy(Toy.answering().service(), rules(), false);
        try (var operator = operator(silent, EXACT, false)) {
            operator.open();
            for (int i = 0; i < TEXTS.size(); i++) {
                operator.processElement(document(i, TEXTS.get(i)));
            }
            state = operator.snapshot(1, 1);
            assertThat(operator.extractOutputValues()).isEmpty();
        }
        try (var operator = operator(Toy.answering(), EXACT, false)) {
            operator.initializeState(state);
            operator.open();
            operator.endInput();
            assertThat(operator.extractOutputValues()).containsExactlyInAnyOrderElementsOf(undisturbed);
        }
    }

    @Test
    void everyByteAndTheDocumentAloneHaveTheSameSum() throws Exception {
        List<String> alone = rows(EXACT, false);
        List<String> everyByte = rows(EXACT, true);
        for (int i = 0; i < TEXTS.size(); i++) {
            assertThat(sum(everyByte.get(i))).isCloseTo(sum(alone.get(i)), within(1e-9));
        }
    }

    private static double sum(String row) {
        return Double.parseDouble(row.replaceAll(".*\"log_likelihood\":([^,]*),.*", "$1"));
    }

    @Test
    void aByteWithoutATokenEndsTheDocumentAtItsPlace() throws Exception {
        for (boolean everyByte : new boolean[] {false, true}) {
            assertThat(reject("ab\u001dab", everyByte)).contains("dead_end").contains("byte 3 of 5");
        }
    }

    private static List<String> rowsOf(ScoringPlan plan, String... texts) throws Exception {
        try (var operator = new OneInputStreamOperatorTestHarness<>(new LikelihoodOperatorFactory(plan))) {
            operator.open();
            for (int i = 0; i < texts.length; i++) {
                operator.processElement(document(i, texts[i]));
            }
            operator.endInput();
            return operator.extractOutputValues().stream().sorted().toList();
        }
    }

    private static ScoringPlan plan(TrieLmService service, SessionDefaults defaults, boolean normalizes) {
        return new ScoringPlan(
                () -> service, defaults, EXACT, Windows.NONE, true, false, null, 8, 1 << 20, normalizes, null);
    }

    @Test
    void whereADocumentIsReadOnItsRowSaysWhatWasLeftOut() throws Exception {
        SessionDefaults restarting = SessionDefaults.STANDARD.withOnDeadEnd(OnDeadEnd.RESTART);
        List<String> rows = rowsOf(plan(Toy.answering(), restarting, false), "ab\u001d\u001dab", "abab", "\u001d");

        assertThat(rows.get(0))
                .contains("\"bytes\":6,\"skipped_bytes\":2,\"dead_ends\":1,")
                .containsPattern("\"byte_logprobs\":\\[-[^,]*,-[^,]*,null,null,-[^,]*,-[^,]*\\]");
        assertThat(rows.get(1)).contains("\"skipped_bytes\":0,\"dead_ends\":0,");
        assertThat(sum(rows.get(0))).isCloseTo(sum(rows.get(1)), within(1e-9));
        assertThat(bitsPerByte(rows.get(0))).isCloseTo(bitsPerByte(rows.get(1)), within(1e-9));
        assertThat(rows.get(2)).contains("\"bits_per_byte\":null", "\"skipped_bytes\":1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasLeftOutIsPartOfItsSpanAndWeighsNothing(boolean canonical) throws Exception {
        ScoringPlan plan = new ScoringPlan(
                Toy::answering,
                SessionDefaults.STANDARD.withOnDeadEnd(OnDeadEnd.RESTART),
                canonical ? EXACT : null,
                Windows.NONE,
                false,
                false,
                SpanRule.of(SpanKind.WORDS, SpanSpace.BEFORE),
                8,
                1 << 20,
                false,
                null);
        List<String> spans;
        try (var operator = new OneInputStreamOperatorTestHarness<>(new LikelihoodOperatorFactory(plan))) {
            operator.open();
            operator.processElement(document(0, "a\u001db \u001d\u001d c"));
            operator.processElement(document(1, "ab  c"));
            operator.endInput();
            spans = operator.getSideOutput(SpanOutput.OUTPUT).stream()
                    .map(StreamRecord::getValue)
                    .sorted()
                    .toList();
        }

        assertThat(spans).hasSize(3 + 2);
        assertThat(spans.get(0)).contains("\"from\":0,\"to\":4,", "\"text\":\"a\\u001Db \"", "\"bytes\":4");
        assertThat(spans.get(1)).contains("\"from\":4,\"to\":7,", "\"text\":\"\\u001D\\u001D \"");
        assertThat(spans.get(2)).contains("\"from\":7,\"to\":8,");
        assertThat(sum(spans.get(0)) + sum(spans.get(1))).isCloseTo(sum(spans.get(3)), within(1e-9));
        assertThat(sum(spans.get(2))).isCloseTo(sum(spans.get(4)), within(1e-9));
        assertThat(spans).allMatch(span -> !span.contains("\"word_log_likelihood\":null"));
    }

    private static double bitsPerByte(String row) {
        return Double.parseDouble(row.replaceAll(".*\"bits_per_byte\":([^,]*),.*", "$1"));
    }

    /** A service that has a {@code tokenizer.json} of its own to show. */
    private record Composing(TrieLmService toy) implements TrieLmService {
        @Override
        public Vocabulary vocabulary() {
            return toy.vocabulary();
        }

        @Override
        public CanonicalRules canonicalRules() {
            return toy.canonicalRules();
        }

        @Override
        public byte[] tokenizerJson() {
            return "{\"normalizer\": {\"type\": \"NFC\"}, \"added_tokens\": []}".getBytes(UTF_8);
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return toy.expand(request);
        }

        @Override
        public void close() {}
    }

    @Test
    void aNormalizedDocumentHasTheScoreOfWhatTheModelWouldHaveRead() throws Exception {
        TrieLmService service = new Composing(Toy.answering());
        List<String> rows = rowsOf(plan(service, SessionDefaults.STANDARD, true), "abe\u0301", "ab\u00e9");

        assertThat(rows.get(0)).contains("\"bytes\":5,\"normalized_bytes\":4,");
        assertThat(rows.get(1)).contains("\"bytes\":4,\"normalized_bytes\":4,");
        assertThat(sum(rows.get(0))).isEqualTo(sum(rows.get(1)));
    }

    @Test
    void aTextThatTheTokenizerWouldChangeIsNamedWithItsPlace() throws Exception {
        assertThat(reject("abe\u0301", false))
                .contains("not_normalized")
                .contains("byte 3 of 5")
                .contains("NFC");
    }

    private static String reject(String text, boolean everyByte) throws Exception {
        try (var operator = operator(Toy.answering(), EXACT, everyByte)) {
            operator.open();
            operator.processElement(document(0, text));
            operator.endInput();
            assertThat(operator.extractOutputValues()).isEmpty();
            return Stream.ofNullable(operator.getSideOutput(Rejects.OUTPUT))
                    .flatMap(rejects -> rejects.stream())
                    .map(StreamRecord::getValue)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void bytesThatAreNoUtf8HaveAScore() throws Exception {
        try (var operator = operator(Toy.answering(), EXACT, false)) {
            operator.open();
            byte[] bytes = "a\u00ff\u00feb".getBytes(ISO_8859_1);
            operator.processElement(new StreamRecord<>(Item.document("in", 0, "in:0", bytes, bytes.length)));
            operator.endInput();
            assertThat(sum(operator.extractOutputValues().get(0))).isNegative().isFinite();
        }
    }

    @Test
    void aServiceThatDoesNotSayTheRulesStopsTheTaskWithItsReason() throws Exception {
        try (var operator = operator(new Toy(Toy.answering().service(), null, true), EXACT, false)) {
            assertThatThrownBy(operator::open)
                    .isInstanceOf(NoCanonicalTokenizationsException.class)
                    .hasMessage("it does not say");
        }
    }
}
