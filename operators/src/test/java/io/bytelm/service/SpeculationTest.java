package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bundled model reads one text, with and without evaluating ahead. */
@Timeout(120)
class SpeculationTest {
    private static final byte[] TEXT =
            ("It was a dark and stormy night; the rain fell in torrents, except at occasional"
                            + " intervals, when it was checked by a violent gust of wind which swept up the streets, rattling"
                            + " along the housetops, and fiercely agitating the scanty flame of the lamps.\n")
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER_TEXT =
            ("There was no possibility of taking a walk that day. We had been wandering, indeed, in the"
                            + " leafless shrubbery an hour in the morning; but since dinner the cold winter wind had brought with it"
                            + " clouds so sombre, and a rain so penetrating, that further out-door exercise was out of the question.\n")
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOT_UTF_8 = "caf\u00e9 au lait, s'il vous pla\u00eet, et un croissant pour madame"
            .getBytes(StandardCharsets.ISO_8859_1);

    private static final Path MODEL = BundledModel.directory();
    private static final Vocabulary VOCABULARY = VocabularyReader.fromModelDirectory(MODEL);

    private record Reading(double logZ, NextByteDistribution next, ServiceStatistics done, int calls) {}

    @Test
    void aLoneTextIsReadInFewerPassesToTheSameResult() {
        Reading without = read(TEXT, tokenizer(), ServiceSettings.defaults().withoutSpeculation());
        Reading with = read(TEXT, tokenizer(), ServiceSettings.defaults());

        assertSameResult(with, without);
        assertThat(without.done().guesses()).isZero();
        assertThat(with.done().guesses()).isPositive();
        assertThat(with.done().evaluations()).isLessThanOrEqualTo(without.done().evaluations());
        assertThat(with.calls()).isLessThan(without.calls() / 2);
    }

    @Test
    void everyTextOfOneBeginningIsReadInFewPasses() {
        int without = passesOf(OTHER_TEXT, ServiceSettings.defaults().withoutSpeculation(), TEXT);
        int with = passesOf(OTHER_TEXT, ServiceSettings.defaults(), TEXT);

        assertThat(passesOf(OTHER_TEXT, ServiceSettings.defaults())).isCloseTo(with, within(1));
        assertThat(with).isLessThan(without / 5);
    }

    @Test
    void aTextWhoseRowsWereDisplacedIsReadInFewPassesAgain() {
        long bytesOfSomeRows = 200 * EvaluatedRow.bytes(VOCABULARY.size());
        ServiceSettings small = new ServiceSettings(128, 0, bytesOfSomeRows, 2);
        int fresh = passesOf(TEXT, small);

        assertThat(passesOf(TEXT, small, TEXT, OTHER_TEXT)).isBetween(fresh / 2, 2 * fresh);
        assertThat(2 * fresh).isLessThan(passesOf(TEXT, small.withoutSpeculation()) / 2);
    }

    @Test
    void aSmallCacheHasRoomForGuessesAndNoCacheHasNone() {
        Reading without = read(TEXT, tokenizer(), ServiceSettings.defaults().withoutSpeculation());
        Reading small = read(TEXT, tokenizer(), new ServiceSettings(128, 0, 1, 2));
        Reading none = read(TEXT, tokenizer(), new ServiceSettings(128, 0, 0, 2));

        assertSameResult(small, without);
        assertThat(small.calls()).isLessThan(without.calls() / 2);
        assertSameResult(none, without);
        assertThat(none.done().guesses()).isZero();
    }

    @Test
    void guessesPauseWhereTheBeamAsksForMuchElse() {
        ServiceSettings oneByOne = new ServiceSettings(1, 0, 256 << 20, 2); // nothing goes along with requests
        Reading without = read(TEXT, 0, tokenizer(), oneByOne.withoutSpeculation());
        Reading with = read(TEXT, 0, tokenizer(), oneByOne);

        assertSameResult(with, without);
        assertThat(with.done().guesses()).isPositive();
        assertThat(with.done().guesses())
                .isLessThan(with.done().evaluations() / 4); // without a pause four times as many
        assertThat(with.calls()).isLessThan(without.calls());
    }

    @Test
    void aTextThatIsNotUtf8IsReadToTheSameResult() {
        Reading without =
                read(NOT_UTF_8, tokenizer(), ServiceSettings.defaults().withoutSpeculation());

        assertSameResult(read(NOT_UTF_8, tokenizer(), ServiceSettings.defaults()), without);
    }

    @Test
    void aTokenizerThatFailsOrIsNotThereCostsNothing() {
        FakeTokenizer failing = new FakeTokenizer();
        Reading without = read(TEXT, tokenizer(), ServiceSettings.defaults().withoutSpeculation());

        for (CompletableFuture<CanonicalTokenizer> tokenizer : List.of(
                CompletableFuture.<CanonicalTokenizer>completedFuture(failing),
                CompletableFuture.<CanonicalTokenizer>failedFuture(new ModelException("no tokenizer")),
                new CompletableFuture<CanonicalTokenizer>())) {
            Reading with = read(TEXT, tokenizer, ServiceSettings.defaults());
            assertSameResult(with, without);
            assertThat(with.done().guesses()).isLessThan(10); // at the text's end, where little is known of what comes
            assertThat(with.done().evaluations()).isEqualTo(without.done().evaluations());
        }
        assertThat(failing.failures.get()).isPositive();
    }

    @Test
    void theTokenizerIsClosedWithTheServiceAlsoIfItComesLater() {
        FakeTokenizer there = new FakeTokenizer();
        FakeTokenizer late = new FakeTokenizer();
        CompletableFuture<CanonicalTokenizer> coming = new CompletableFuture<>();

        read(NOT_UTF_8, CompletableFuture.completedFuture(there), ServiceSettings.defaults());
        read(NOT_UTF_8, coming, ServiceSettings.defaults());
        coming.complete(late);

        assertThat(there.closed.get()).isEqualTo(1);
        assertThat(late.closed.get()).isEqualTo(1);
    }

    private static final class FakeTokenizer implements CanonicalTokenizer {
        final AtomicInteger failures = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public int[] tokens(byte[] text) {
            failures.incrementAndGet();
            throw new ModelException("injected failure");
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private static void assertSameResult(Reading actual, Reading expected) {
        assertThat(actual.logZ()).isCloseTo(expected.logZ(), within(1e-4));
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            double logProb = expected.next().logProb(symbol);
            if (logProb > -20) {
                assertThat(actual.next().logProb(symbol)).isCloseTo(logProb, within(1e-4));
            }
        }
    }

    private static CompletableFuture<CanonicalTokenizer> tokenizer() {
        return CompletableFuture.completedFuture(HuggingFaceTokenizerFile.open(MODEL));
    }

    private static Reading read(
            byte[] text, CompletableFuture<CanonicalTokenizer> tokenizer, ServiceSettings settings) {
        return read(text, 0.05, tokenizer, settings);
    }

    private static Reading read(
            byte[] text, double threshold, CompletableFuture<CanonicalTokenizer> tokenizer, ServiceSettings settings) {
        TokenByteTrie trie = new TokenByteTrie(VOCABULARY);
        CountedModel model = new CountedModel(
                DjlLanguageModel.open(DjlModelSettings.of(MODEL).withThreads(1), trie.columnOrder()),
                new AtomicInteger());
        try (EmbeddedTrieLmService service = new EmbeddedTrieLmService(trie, model, tokenizer, settings)) {
            ServiceAnswers answers = new ServiceAnswers(service);
            Beam beam = Beam.initial(VOCABULARY.bosToken(), BeamParams.of(5, threshold))
                    .prefill(text)
                    .run(answers);
            return new Reading(
                    beam.logZ(),
                    beam.nextByte().run(answers),
                    service.statistics(),
                    model.calls().get());
        }
    }

    /** How many passes a text takes after others have been read. */
    private static int passesOf(byte[] text, ServiceSettings settings, byte[]... before) {
        TokenByteTrie trie = new TokenByteTrie(VOCABULARY);
        CountedModel model = new CountedModel(
                DjlLanguageModel.open(DjlModelSettings.of(MODEL).withThreads(1), trie.columnOrder()),
                new AtomicInteger());
        try (EmbeddedTrieLmService service = new EmbeddedTrieLmService(trie, model, tokenizer(), settings)) {
            ServiceAnswers answers = new ServiceAnswers(service);
            Beam start = Beam.initial(VOCABULARY.bosToken(), BeamParams.of(5, 0.05));
            for (byte[] read : before) {
                start.prefill(read).run(answers);
            }
            int passesBefore = model.calls().get();
            start.prefill(text).run(answers);
            return model.calls().get() - passesBefore;
        }
    }

    /** Counts the passes of a model. */
    private record CountedModel(LanguageModel model, AtomicInteger calls) implements LanguageModel {
        @Override
        public int vocabularySize() {
            return model.vocabularySize();
        }

        @Override
        public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
            calls.incrementAndGet();
            return model.nextTokenProbabilities(contexts);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
