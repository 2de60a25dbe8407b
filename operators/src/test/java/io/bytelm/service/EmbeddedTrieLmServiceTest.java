package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EmbeddedTrieLmServiceTest {
    private static final Vocabulary TOY = ToyVocabulary.of("<s>", "a", "ab", "abc", "b", "ab", "");
    private static final int[] NO_EOS = {};

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyAnswerEqualsTheBruteForceOverTokens(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            Vocabulary vocabulary = ToyVocabulary.random(random);
            PortableModel model = new PortableModel(vocabulary.size());
            try (EmbeddedTrieLmService service = open(vocabulary, ServiceSettings.defaults())) {
                for (int j = 0; j < 20; j++) {
                    ExpandRequest request = randomRequest(random, vocabulary);
                    float[] probabilities = model.nextTokenProbabilities(List.of(request.context()))[0];
                    Expansion expected = new ExpansionOracle(vocabulary, probabilities, request.eosTokens())
                            .expand(request.path(), request.rowsFrom());
                    ExpansionAssert.assertSame(service.expand(request).get(), expected, 1e-9, "seed " + seed);
                }
            }
        }
    }

    @Test
    void whoTakesTheWholeAsOneIsToldTheSameOfAllElse() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 60; i++) {
            Vocabulary vocabulary = RandomRequests.vocabularyWithSpecials(random);
            RandomRequests requests = new RandomRequests(random, vocabulary);
            BruteForceTrieLmService oracle =
                    new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
            try (EmbeddedTrieLmService service = open(vocabulary, ServiceSettings.defaults())) {
                for (int j = 0; j < 40; j++) {
                    ExpandRequest request = requests.next();
                    Expansion expected = oracle.expand(request).get();
                    boolean taking = random.nextBoolean(); // in turns, about the same rows
                    Expansion answer = service.expand(taking ? request.takingWholeAsOne() : request)
                            .get();
                    if (taking) {
                        assertThat(answer.logMass()[0]).isCloseTo(0, within(1e-6));
                        answer.logMass()[0] = expected.logMass()[0];
                    }
                    ExpansionAssert.assertSame(answer, expected, 1e-9, "vocabulary " + i + ", request " + j);
                }
            }
        }
    }

    @Test
    void specialTokensCanBeSilencedBesidesTheEosTokens() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            Vocabulary vocabulary = RandomRequests.vocabularyWithSpecials(random);
            PortableModel model = new PortableModel(vocabulary.size());
            BruteForceTrieLmService oracle = new BruteForceTrieLmService(vocabulary, model);
            try (EmbeddedTrieLmService service = open(vocabulary, ServiceSettings.defaults())) {
                for (int j = 0; j < 20; j++) {
                    ExpandRequest text = randomRequest(random, vocabulary);
                    ExpandRequest silenced =
                            new ExpandRequest(text.context(), text.path(), text.eosTokens(), text.rowsFrom(), true);
                    ExpansionAssert.assertSame(
                            service.expand(silenced).get(),
                            oracle.expand(silenced).get(),
                            1e-9,
                            "vocabulary " + i);
                }
            }
        }
    }

    @Test
    void requestsForOneContextAtTheSameTimeCostOneEvaluation() throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        try (EmbeddedTrieLmService service = open(model, ServiceSettings.defaults())) {
            CompletableFuture<Expansion> first = service.expand(request(1, "ab"));
            CompletableFuture<Expansion> second = service.expand(request(1, "a"));
            model.open();

            assertThat(first.get().depth()).isEqualTo(2);
            assertThat(second.get().depth()).isEqualTo(1);
            assertThat(service.expand(request(1, "abc")).get().depth()).isEqualTo(3);
            assertThat(model.contexts()).isEqualTo(1);
            long oneRow = EvaluatedRow.bytes(TOY.size())
                    + 32L * request(1, "ab").context().length();
            assertThat(service.statistics())
                    .usingRecursiveComparison()
                    .ignoringFields("lingerNanos", "modelNanos")
                    .isEqualTo(new ServiceStatistics(3, 1, 0, 0, 2, 1, 1, 1, 0, 0, 0, oneRow));
        }
    }

    @Test
    void withoutRoomInTheCacheEveryRequestIsEvaluated() throws Exception {
        ServiceSettings noRoom = new ServiceSettings(4, 0, 1, 1);
        GatedModel model = new GatedModel(TOY.size());
        model.open();
        try (EmbeddedTrieLmService service = open(model, noRoom)) {
            for (int i = 0; i < 5; i++) {
                assertThat(service.expand(request(1, "ab")).get().depth()).isEqualTo(2);
            }
            assertThat(model.contexts()).isEqualTo(5);
        }
    }

    @Test
    void theCacheKeepsItsBound() throws Exception {
        ServiceSettings roomForThree = new ServiceSettings(4, 0, 3 * (EvaluatedRow.bytes(TOY.size()) + 2 * 32), 1);
        GatedModel model = new GatedModel(TOY.size());
        model.open();
        try (EmbeddedTrieLmService service = open(model, roomForThree)) {
            for (int round = 0; round < 2; round++) {
                for (int token = 0; token < TOY.size(); token++) {
                    service.expand(request(token, "ab")).get();
                }
            }
            assertThat(model.contexts())
                    .as("evaluations of 7 contexts asked for twice, with room for 3")
                    .isBetween(7 + 7 - 3, 14);
        }
    }

    @Test
    void whatAnotherCallerWantsYetIsEvaluated() throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        try (EmbeddedTrieLmService service = open(model, ServiceSettings.defaults())) {
            CompletableFuture<Expansion> holdsTheModel = service.expand(request(0, "a"));
            model.awaitCall();
            CompletableFuture<Expansion> first = service.expand(request(1, "ab"));
            CompletableFuture<Expansion> second = service.expand(request(1, "a"));
            first.cancel(false);
            first.cancel(false);
            model.open();

            assertThat(holdsTheModel.get().depth()).isEqualTo(1);
            assertThat(second.get().depth()).isEqualTo(1);
            assertThat(first).isCancelled();
            second.cancel(false);
            assertThat(service.expand(request(1, "abc")).get().depth()).isEqualTo(3);
            assertThat(model.contexts()).isEqualTo(2);
        }
    }

    @Test
    void callersThatComeAndGoAtRandomAreAllAnsweredOrCancelled() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (EmbeddedTrieLmService service = open(TOY, new ServiceSettings(4, 0, 1 << 12, 2))) {
            List<CompletableFuture<Expansion>> answers = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                answers.add(service.expand(request(random.nextInt(TOY.size()), "ab".substring(random.nextInt(2)))));
                if (random.nextInt(3) == 0) {
                    answers.get(random.nextInt(answers.size())).cancel(false);
                }
            }
            for (CompletableFuture<Expansion> answer : answers) {
                assertThat(answer.isCancelled() || answer.get().depth() >= 0)
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }

    @Test
    void anUnknownEosTokenIsNamed() {
        try (EmbeddedTrieLmService service = open(TOY, ServiceSettings.defaults())) {
            assertThat(service.expand(new ExpandRequest(TokenContext.of(0), new byte[0], new int[] {99}, 0)))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ModelException.class)
                    .withMessageContaining("EOS token 99 is not an id of a vocabulary of 7 tokens");
        }
    }

    @Test
    void aModelWithAnotherVocabularyIsRefusedAndClosed() {
        GatedModel model = new GatedModel(TOY.size() + 1);

        assertThatThrownBy(() -> EmbeddedTrieLmService.open(TOY, order -> model, ServiceSettings.defaults()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the model has 8 token ids but the tokenizer has 7");
        assertThat(model.isClosed()).isTrue();
    }

    private static EmbeddedTrieLmService open(Vocabulary vocabulary, ServiceSettings settings) {
        return EmbeddedTrieLmService.open(
                vocabulary, order -> new ReorderedModel(new PortableModel(order.length), order), settings);
    }

    private static EmbeddedTrieLmService open(GatedModel model, ServiceSettings settings) {
        return EmbeddedTrieLmService.open(TOY, order -> new ReorderedModel(model, order), settings);
    }

    private static ExpandRequest request(int lastToken, String path) {
        return new ExpandRequest(
                TokenContext.of(0, lastToken),
                path.getBytes(StandardCharsets.ISO_8859_1),
                NO_EOS,
                ExpandRequest.NO_ROWS);
    }

    /** A path that follows a token for a while, then goes where it likes; rows from any depth or none. */
    private static ExpandRequest randomRequest(Random random, Vocabulary vocabulary) {
        byte[] token = vocabulary.bytes(random.nextInt(vocabulary.size()));
        byte[] more = vocabulary.bytes(random.nextInt(vocabulary.size()));
        int kept = random.nextInt(token.length + 1);
        byte[] path = Arrays.copyOf(token, kept + more.length);
        System.arraycopy(more, 0, path, kept, more.length);
        int[] eos = ToyVocabulary.someTokens(random, vocabulary, 3);
        int rowsFrom = random.nextInt(4) == 0 ? ExpandRequest.NO_ROWS : random.nextInt(path.length + 2);
        return new ExpandRequest(
                TokenContext.of(vocabulary.bosToken(), random.nextInt(vocabulary.size())), path, eos, rowsFrom);
    }
}
