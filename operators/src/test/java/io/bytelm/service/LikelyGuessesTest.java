package io.bytelm.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bundled model reads texts whose bytes come one by one, with and without guesses. */
@Timeout(120)
class LikelyGuessesTest {
    private static final byte[] TEXT =
            ("It was a dark and stormy night; the rain fell in torrents, except at occasional intervals, when it was"
                            + " checked by a violent gust of wind which swept up the streets, rattling along the"
                            + " housetops, and fiercely agitating the scanty flame of the lamps.\n")
                    .getBytes(UTF_8);

    private static final Path MODEL = BundledModel.directory();
    private static final Vocabulary VOCABULARY = VocabularyReader.fromModelDirectory(MODEL);
    private static final ServiceSettings GUESSING = ServiceSettings.defaults();
    private static final ServiceSettings NOT_GUESSING =
            ServiceSettings.defaults().withoutSpeculation();

    private record Result(Map<Integer, Double> logZ, int passes, int failures, ServiceStatistics done) {}

    @Test
    void aLoneTextIsReadInFewerPassesToTheSameResult() {
        Result without = read(1, NOT_GUESSING, Integer.MAX_VALUE);
        Result with = read(1, GUESSING, Integer.MAX_VALUE);

        assertSameResults(with, without);
        assertThat(without.done().guesses()).isZero();
        assertThat(with.done().usedGuesses()).isGreaterThan(with.done().guesses() / 4);
        assertThat(with.done().evaluations()).isEqualTo(without.done().evaluations());
        assertThat(with.passes()).isLessThan(without.passes()); // how many go along depends on what passes take
    }

    @Test
    void someTextsAreReadToTheSameResults() {
        Result without = read(5, NOT_GUESSING, Integer.MAX_VALUE);
        Result with = read(5, GUESSING, Integer.MAX_VALUE);

        assertSameResults(with, without);
        assertThat(with.done().usedGuesses()).isPositive();
    }

    @Test
    void ofManyTextsNothingIsGuessed() {
        Result with = read(40, GUESSING, Integer.MAX_VALUE);

        assertThat(with.done().largestBatch()).isGreaterThan(12);
        assertThat(with.done().guesses()).isLessThan(with.done().evaluations() / 20); // as the last ones end
    }

    @Test
    void aCacheOfFewRowsHasNoRoomForGuesses() {
        Result without = read(5, NOT_GUESSING, Integer.MAX_VALUE);
        Result with = read(5, new ServiceSettings(128, 0, 1, 2), Integer.MAX_VALUE);

        assertSameResults(with, without);
        assertThat(with.done().guesses()).isLessThan(with.done().evaluations() / 4);
    }

    @Test
    void whereAPassWithGuessesFailsTheRequestsAreAnsweredAlone() {
        Result without = read(1, NOT_GUESSING, Integer.MAX_VALUE);
        Result with = read(1, GUESSING, 1);

        assertSameResults(with, without);
        assertThat(with.failures()).isPositive();
        assertThat(with.done().guesses()).isZero();
    }

    @Test
    void afterAFailureGuessesPause() {
        List<Integer> passes = new ArrayList<>();
        RowCache rows = new RowCache(1 << 24, VOCABULARY.size(), new NoEvaluator());
        LikelyGuesses guesses = new LikelyGuesses(
                new TokenByteTrie(VOCABULARY),
                contexts -> {
                    passes.add(contexts.size());
                    throw new IllegalStateException("injected");
                },
                rows,
                () -> 0,
                128,
                () -> 0);
        for (int i = 0; i < 66; i++) {
            assertThat(guesses.evaluate(List.of(request(TokenContext.of(0, i)))))
                    .isNull();
        }
        assertThat(passes).hasSize(2);
    }

    /** A context that let go of its oldest tokens holds what the model reads of it; shorter ones may not. */
    @Test
    void ofATextThatLetGoOfItsBeginningNoShorterContextIsGuessed() {
        List<List<TokenContext>> passes = new ArrayList<>();
        RowCache rows = new RowCache(1 << 26, VOCABULARY.size(), new NoEvaluator());
        LikelyGuesses guesses = new LikelyGuesses(
                new TokenByteTrie(VOCABULARY),
                contexts -> {
                    passes.add(contexts);
                    return contexts.stream().map(context -> uniformRow()).toList();
                },
                rows,
                () -> 0,
                128,
                () -> 0);
        TokenContext asked = TokenContext.resuming(100, 7, 300);
        for (int token = 301; token < 306; token++) {
            assertThat(guesses.evaluate(List.of(request(asked)))).hasSize(1);
            rows.keepGuessed(asked, uniformRow());
            asked = asked.plus(token);
        }
        assertThat(passes).hasSize(5).anyMatch(pass -> pass.size() > 1);
        for (List<TokenContext> pass : passes) {
            assertThat(pass).allMatch(context -> context.length() >= pass.get(0).length());
        }
    }

    private static EvaluatedRow uniformRow() {
        float[] columns = new float[VOCABULARY.size()];
        Arrays.fill(columns, 0.2f); // each of them is likely
        return new EvaluatedRow(columns);
    }

    private static ExpandRequest request(TokenContext context) {
        return new ExpandRequest(context, new byte[] {'e'}, new int[0], ExpandRequest.NO_ROWS);
    }

    private static final class NoEvaluator implements RowCache.Evaluator {
        @Override
        public CompletableFuture<EvaluatedRow> start(ExpandRequest request, Terms terms) {
            return new CompletableFuture<>();
        }

        @Override
        public boolean withdraw(CompletableFuture<EvaluatedRow> row) {
            return false;
        }
    }

    private static void assertSameResults(Result actual, Result expected) {
        assertThat(actual.logZ()).hasSameSizeAs(expected.logZ());
        expected.logZ()
                .forEach((text, logZ) ->
                        assertThat(actual.logZ().getOrDefault(text, Double.NaN)).isCloseTo(logZ, within(1e-4)));
    }

    private static Step<Beam> byteByByte(Beam start, int text) {
        Step<Beam> read = Step.done(start);
        for (int i = 19 * text; i < 19 * text + TEXT.length; i++) {
            byte next = TEXT[i % TEXT.length];
            read = read.then(beam -> beam.prune().advance(new byte[] {next}, 0));
        }
        return read;
    }

    /** @param mostRows of a pass that does not fail */
    private static Result read(int texts, ServiceSettings settings, int mostRows) {
        TokenByteTrie trie = new TokenByteTrie(VOCABULARY);
        Map<Integer, Double> logZ = new ConcurrentHashMap<>();
        CompletableFuture<CanonicalTokenizer> tokenizer =
                CompletableFuture.completedFuture(HuggingFaceTokenizerFile.open(MODEL));
        CountedModel model = new CountedModel(
                DjlLanguageModel.open(DjlModelSettings.of(MODEL).withThreads(1), trie.columnOrder()), mostRows);
        try (EmbeddedTrieLmService service = new EmbeddedTrieLmService(trie, model, tokenizer, settings)) {
            Beam start = Beam.initial(VOCABULARY.bosToken(), BeamParams.of(5, 0.05));
            new StepPipeline(service, texts)
                    .forEach(
                            IntStream.range(0, texts).boxed().toList(),
                            text -> byteByByte(start, text),
                            (text, beam) -> logZ.put(text, beam.logZ()));
            return new Result(logZ, model.passes.get(), model.failures.get(), service.statistics());
        }
    }

    /** Counts passes; those of too many rows fail. */
    private static final class CountedModel implements LanguageModel {
        final AtomicInteger passes = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        private final LanguageModel model;
        private final int mostRows;

        CountedModel(LanguageModel model, int mostRows) {
            this.model = model;
            this.mostRows = mostRows;
        }

        @Override
        public int vocabularySize() {
            return model.vocabularySize();
        }

        @Override
        public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
            passes.incrementAndGet();
            if (contexts.size() > mostRows) {
                failures.incrementAndGet();
                throw new ModelException("injected: too many rows");
            }
            return model.nextTokenProbabilities(contexts);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
