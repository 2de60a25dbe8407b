package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.StepPipeline;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.Terms;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bundled model reads many texts at once, with and without guesses that go along. */
@Timeout(120)
class AccompanyingGuessesTest {
    private static final byte[] TEXT =
            ("It was a dark and stormy night; the rain fell in torrents, except at occasional intervals, when it was"
                            + " checked by a violent gust of wind which swept up the streets, rattling along the"
                            + " housetops, and fiercely agitating the scanty flame of the lamps that struggled against"
                            + " the darkness. Through one of the obscurest quarters of London, and among haunts little"
                            + " loved by the gentlemen of the police, a man, evidently of the lowest orders, was"
                            + " wending his solitary way.\n")
                    .repeat(4)
                    .getBytes(StandardCharsets.UTF_8);
    private static final int TEXTS = 6;
    private static final int TEXT_BYTES = 1500; // of some 400 tokens

    private static final Path MODEL = BundledModel.directory();
    private static final Vocabulary VOCABULARY = VocabularyReader.fromModelDirectory(MODEL);

    private record Reading(Map<Integer, Double> logZ, ServiceStatistics done) {}

    @Test
    void guessesOfLongTextsAreUsedAndChangeNoResult() {
        Reading without = read(ServiceSettings.defaults().withoutSpeculation());
        Reading with = read(ServiceSettings.defaults());
        assertSameResults(with, without);
        assertThat(without.done().guesses()).isZero();
        assertThat(with.done().usedGuesses()).isPositive();
        assertThat(with.done().evaluations())
                .isCloseTo(without.done().evaluations(), withinPercentage(1)); // rounding may move a threshold
    }

    @Test
    void guessesFillAPassAndAreAFewForEachRequest() {
        AccompanyingGuesses guesses = guessesWith(rowsOf(100), 512);
        assertThat(guesses.room(contexts(5, 16))).isEqualTo(35);
        assertThat(guesses.room(contexts(124, 16))).isEqualTo(4);
        assertThat(guesses.room(contexts(128, 16))).isZero();
        assertThat(guesses.room(contexts(250, 16))).isZero();
    }

    @Test
    void whereBeginningsAreLongAPassIsFullWithTwiceAsMany() {
        AccompanyingGuesses guesses = guessesWith(rowsOf(100), 512);
        assertThat(guesses.room(contexts(128, 254))).isZero();
        assertThat(guesses.room(contexts(128, 255))).isEqualTo(128);
        assertThat(guesses.room(contexts(256, 255))).isZero();
    }

    @Test
    void requestsAndGuessesTogetherAreNoMoreThanABatch() {
        AccompanyingGuesses guesses = guessesWith(rowsOf(100), 20);
        assertThat(guesses.room(contexts(16, 256))).isEqualTo(4);
        assertThat(guesses.room(contexts(20, 256))).isZero();
    }

    @Test
    void whereHalfOfTheRowsWaitForSomebodyToAskNothingIsGuessed() {
        RowCache rows = rowsOf(4);
        AccompanyingGuesses guesses = guessesWith(rows, 256);
        rows.keepGuessed(TokenContext.of(1), row());
        assertThat(guesses.room(contexts(5, 256))).isPositive();
        rows.keepGuessed(TokenContext.of(2), row());
        assertThat(guesses.room(contexts(5, 256))).isZero();
        rows.get(new ExpandRequest(TokenContext.of(2), new byte[0], new int[0], 0), Terms.NONE)
                .join();
        assertThat(guesses.room(contexts(5, 256))).isPositive();
    }

    private static AccompanyingGuesses guessesWith(RowCache rows, int maxBatch) {
        return new AccompanyingGuesses(contexts -> List.of(), rows, maxBatch, () -> 0);
    }

    private static List<TokenContext> contexts(int count, int tokens) {
        return IntStream.range(0, count)
                .mapToObj(last -> TokenContext.of(new int[tokens]).plus(last))
                .toList();
    }

    @Test
    void aRequestWhoseRowWasGuessedWhileItWaitedIsNotEvaluatedAgain() {
        RowCache rows = rowsOf(100);
        List<List<TokenContext>> passes = new ArrayList<>();
        AccompanyingGuesses guesses = new AccompanyingGuesses(
                contexts -> {
                    passes.add(List.copyOf(contexts));
                    return contexts.stream().map(context -> row()).toList();
                },
                rows,
                20,
                () -> 0);
        EvaluatedRow known = row();
        rows.keepGuessed(TokenContext.of(1), known);

        List<EvaluatedRow> answers = guesses.evaluate(List.of(TokenContext.of(1), TokenContext.of(2)), List.of());

        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).isSameAs(known);
        assertThat(passes).containsExactly(List.of(TokenContext.of(2)));
    }

    @Test
    void passesAloneTellWhatARequestTakesAndThenGuessesPay() {
        long[] nanos = {0};
        AccompanyingGuesses guesses = new AccompanyingGuesses(
                contexts -> {
                    nanos[0] += 1000;
                    return contexts.stream().map(context -> row()).toList();
                },
                rowsOf(100),
                256,
                () -> nanos[0]);
        for (int pass = 0; pass < 4; pass++) {
            assertThat(guesses.pay(5)).isFalse();
            assertThat(guesses.evaluateAlone(contexts(5, 10 + pass))).hasSize(5);
        }
        assertThat(guesses.pay(5)).isTrue();
    }

    @Test
    void stretchesThatPassesAloneHaveLeftBehindAreForgotten() {
        List<Integer> passes = new ArrayList<>();
        AccompanyingGuesses guesses = new AccompanyingGuesses(
                contexts -> {
                    passes.add(contexts.size());
                    return contexts.stream().map(context -> uniformRow()).toList();
                },
                rowsOf(100),
                6, // 5 requests and a guess
                () -> 0);
        TokenContext start = TokenContext.startingWith(VOCABULARY.bosToken());
        Foresight stretch = new Foresight(
                new TokenByteTrie(VOCABULARY),
                new CanonicalContexts.Stretch(
                        TEXT, List.of(start, start.plus(1), start.plus(2), start.plus(3), start.plus(4))));

        guesses.evaluate(contexts(5, 10), List.of(stretch));
        guesses.evaluateAlone(contexts(5, 11));
        guesses.evaluate(contexts(5, 12), List.of());
        for (int pass = 0; pass < 7; pass++) {
            guesses.evaluateAlone(contexts(5, 20 + pass));
        }
        guesses.evaluate(contexts(5, 40), List.of());

        assertThat(passes).containsExactly(6, 5, 6, 5, 5, 5, 5, 5, 5, 5, 5);
    }

    @Test
    void aStretchWhoseRowsAreNoProbabilitiesIsGivenUpWithThePassThatFails() {
        RowCache rows = rowsOf(100);
        AccompanyingGuesses guesses = new AccompanyingGuesses(
                contexts -> contexts.stream().map(context -> row()).toList(), rows, 256, () -> 0);
        TokenContext start = TokenContext.startingWith(VOCABULARY.bosToken());
        EvaluatedRow broken = row();
        broken.columns()[0] = Float.NaN;
        rows.keepGuessed(start, broken);
        Foresight stretch = new Foresight(
                new TokenByteTrie(VOCABULARY),
                new CanonicalContexts.Stretch(TEXT, List.of(start, start.plus(1), start.plus(2))));

        assertThatThrownBy(() -> guesses.evaluate(contexts(5, 256), List.of(stretch)))
                .isInstanceOf(ModelException.class);
        guesses.forgetStretches();
        assertThat(guesses.evaluate(contexts(5, 1), List.of())).hasSize(5);
    }

    private static EvaluatedRow uniformRow() {
        float[] columns = new float[VOCABULARY.size()];
        Arrays.fill(columns, 1f / VOCABULARY.size());
        return new EvaluatedRow(columns);
    }

    private static EvaluatedRow row() {
        return new EvaluatedRow(new float[VOCABULARY.size()]);
    }

    private static RowCache rowsOf(int count) {
        long bytesOfOne = EvaluatedRow.bytes(VOCABULARY.size()) + 64;
        return new RowCache(count * bytesOfOne, VOCABULARY.size(), new RowCache.Evaluator() {
            @Override
            public CompletableFuture<EvaluatedRow> start(ExpandRequest request, Terms terms) {
                return CompletableFuture.completedFuture(row());
            }

            @Override
            public boolean withdraw(CompletableFuture<EvaluatedRow> row) {
                return false;
            }
        });
    }

    private static void assertSameResults(Reading actual, Reading expected) {
        assertThat(actual.logZ()).hasSize(TEXTS);
        actual.logZ()
                .forEach((text, logZ) ->
                        assertThat(logZ).isCloseTo(expected.logZ().getOrDefault(text, Double.NaN), within(1e-4)));
    }

    private static Reading read(ServiceSettings settings) {
        TokenByteTrie trie = new TokenByteTrie(VOCABULARY);
        Map<Integer, Double> logZ = new HashMap<>();
        CompletableFuture<CanonicalTokenizer> tokenizer =
                CompletableFuture.completedFuture(HuggingFaceTokenizerFile.open(MODEL));
        LanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(MODEL).withThreads(1), trie.columnOrder());
        try (EmbeddedTrieLmService service = new EmbeddedTrieLmService(trie, model, tokenizer, settings)) {
            Beam start = Beam.initial(VOCABULARY.bosToken(), BeamParams.of(5, 0.05));
            new StepPipeline(service, TEXTS)
                    .forEach(
                            IntStream.range(0, TEXTS).boxed().toList(),
                            text -> start.prefill(Arrays.copyOfRange(TEXT, 19 * text, 19 * text + TEXT_BYTES)),
                            (text, beam) -> logZ.put(text, beam.logZ()));
            return new Reading(logZ, service.statistics());
        }
    }
}
