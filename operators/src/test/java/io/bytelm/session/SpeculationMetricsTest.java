package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TokenizerRules;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator shows of the contexts that its service evaluates ahead. */
@Timeout(60)
class SpeculationMetricsTest {
    private static final String TEXT = "hello world, the end of the world, hello the end! ".repeat(4);

    /** The longest token that fits, again and again. */
    private record GreedyTokenizer(Vocabulary vocabulary) implements CanonicalTokenizer {
        @Override
        public int[] tokens(byte[] text) {
            int[] tokens = new int[text.length];
            int count = 0;
            for (int at = 0; at < text.length; at += vocabulary.bytes(tokens[count - 1]).length) {
                tokens[count++] = longestAt(text, at);
            }
            return Arrays.copyOf(tokens, count);
        }

        private int longestAt(byte[] text, int at) {
            return IntStream.range(0, vocabulary.size())
                    .filter(token -> token != vocabulary.bosToken() && fits(vocabulary.bytes(token), text, at))
                    .reduce((a, b) -> vocabulary.bytes(b).length > vocabulary.bytes(a).length ? b : a)
                    .orElseThrow();
        }

        private static boolean fits(byte[] token, byte[] text, int at) {
            int to = at + token.length;
            return token.length > 0 && to <= text.length && Arrays.equals(token, 0, token.length, text, at, to);
        }

        @Override
        public void close() {}
    }

    /** Counts the contexts that a model evaluates. */
    private record CountedModel(LanguageModel model, AtomicLong contexts) implements LanguageModel {
        @Override
        public int vocabularySize() {
            return model.vocabularySize();
        }

        @Override
        public float[][] nextTokenProbabilities(List<TokenContext> batch) {
            contexts.addAndGet(batch.size());
            return model.nextTokenProbabilities(batch);
        }

        @Override
        public void close() {
            model.close();
        }
    }

    private record Shown(long evaluations, long guesses, long guessesUsed, long evaluatedByModel) {}

    private static Shown read(ServiceSettings settings) throws Exception {
        AtomicLong contexts = new AtomicLong();
        EmbeddedTrieLmService service = service(settings, contexts);
        try (MeteredOperator operator = new MeteredOperator(new SessionOperatorFactory<>(
                () -> service,
                opened -> new ScoringLogic(SessionDefaults.STANDARD, opened.vocabulary(), opened.contextTokens()),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT))) {
            assertThat(operator.gauge("serviceGuesses")).isEqualTo(0L);
            assertThat(operator.gauge("serviceGuessesUsed")).isEqualTo(0L);
            operator.process(SessionOperatorHarness.record("s", null, TEXT, 0));
            operator.flink.endInput();
            return new Shown(
                    (Long) operator.gauge("serviceEvaluations"),
                    (Long) operator.gauge("serviceGuesses"),
                    (Long) operator.gauge("serviceGuessesUsed"),
                    contexts.get());
        }
    }

    private static EmbeddedTrieLmService service(ServiceSettings settings, AtomicLong contexts) throws IOException {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        return EmbeddedTrieLmService.open(
                english,
                order -> new CountedModel(new ReorderedModel(new PortableModel(english.size()), order), contexts),
                CompletableFuture.completedFuture(new GreedyTokenizer(english)),
                TokenizerRules.unknown(),
                settings);
    }

    @Test
    void theGuessesOfALoneSessionAreCountedAndThoseOfThemThatWereUsed() throws Exception {
        Shown shown = read(ServiceSettings.defaults());
        assertThat(shown.guessesUsed()).isPositive();
        assertThat(shown.guesses()).isGreaterThanOrEqualTo(shown.guessesUsed());
        assertThat(shown.evaluations() - shown.guessesUsed() + shown.guesses()).isEqualTo(shown.evaluatedByModel());
    }

    @Test
    void withoutSpeculationThereAreNone() throws Exception {
        Shown shown = read(ServiceSettings.defaults().withoutSpeculation());
        assertThat(shown.guesses()).isZero();
        assertThat(shown.guessesUsed()).isZero();
        assertThat(shown.evaluations()).isEqualTo(shown.evaluatedByModel()).isPositive();
    }
}
