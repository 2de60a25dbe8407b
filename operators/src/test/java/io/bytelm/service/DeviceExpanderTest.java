package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.lm.SimulatedDevice;
import io.bytelm.lm.TokenContext;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service on rows that stay on their device gives the answers of the service that has them on the host. */
@Timeout(60)
class DeviceExpanderTest {
    private static final double NATS = 1e-9;
    private static final Vocabulary TOY = ToyVocabulary.of("<s>", "a", "ab", "abc", "b", "ab", "");
    private static final int[] NO_EOS = {};

    @Test
    void everyAnswerIsThatOfTheRowsOnTheHost() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 120; i++) {
            Vocabulary vocabulary = RandomRequests.vocabularyWithSpecials(random);
            RandomRequests requests = new RandomRequests(random, vocabulary);
            TokenByteTrie trie = new TokenByteTrie(vocabulary, ToyVocabulary.someTokens(random, vocabulary, 3));
            try (TrieLmService host = service(trie, onHost(trie));
                    EmbeddedTrieLmService device = service(trie, new SimulatedDevice(onHost(trie)))) {
                for (int j = 0; j < 30; j++) {
                    ExpandRequest request = requests.next();
                    ExpansionAssert.assertSame(
                            device.expand(request).get(),
                            host.expand(request).get(),
                            NATS,
                            "seed " + seed + ", vocabulary " + i + ", request " + j);
                }
            }
        }
    }

    @ParameterizedTest(name = "room for {0} rows")
    @ValueSource(ints = {0, 1, 3, 50})
    void manyCallersShareFewPlaces(int rows) throws Exception {
        long seed = new Random().nextLong();
        Vocabulary vocabulary = RandomRequests.vocabularyWithSpecials(new Random(seed));
        TokenByteTrie trie = new TokenByteTrie(vocabulary);
        long cacheBytes = rows * (4L * vocabulary.size() + 64);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try (TrieLmService host = service(trie, onHost(trie));
                EmbeddedTrieLmService device = new EmbeddedTrieLmService(
                        trie, new SimulatedDevice(onHost(trie)), new ServiceSettings(3, 0, cacheBytes, 2))) {
            List<Future<?>> done = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                RandomRequests requests = new RandomRequests(new Random(seed + caller), vocabulary);
                done.add(callers.submit(() -> {
                    askInWaves(host, device, requests, "seed " + seed);
                    return null;
                }));
            }
            for (Future<?> caller : done) {
                caller.get();
            }
            assertThat(device.statistics().cachedBytes()).isLessThanOrEqualTo(cacheBytes);
            assertThat(device.statistics().largestBatch()).isGreaterThan(3);
        } finally {
            callers.shutdownNow();
        }
    }

    private static void askInWaves(TrieLmService host, TrieLmService device, RandomRequests requests, String what)
            throws Exception {
        for (int wave = 0; wave < 20; wave++) {
            List<ExpandRequest> asked = new ArrayList<>();
            List<CompletableFuture<Expansion>> answers = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                ExpandRequest request = requests.next();
                asked.add(request);
                answers.add(device.expand(request));
            }
            for (int i = 0; i < answers.size(); i++) {
                Expansion expected = host.expand(asked.get(i)).get();
                ExpansionAssert.assertSame(answers.get(i).get(), expected, NATS, what);
            }
        }
    }

    @Test
    void requestsForOneContextShareItsEvaluationAndABatch() throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        try (TrieLmService service = service(model, ServiceSettings.defaults())) {
            CompletableFuture<Expansion> holdsTheModel = service.expand(request(0, "a"));
            model.awaitCall();
            CompletableFuture<Expansion> first = service.expand(request(1, "ab"));
            CompletableFuture<Expansion> second = service.expand(request(1, "a"));
            CompletableFuture<Expansion> known = service.expand(request(0, "abc"));
            model.open();

            assertThat(holdsTheModel.get().depth()).isEqualTo(1);
            assertThat(first.get().depth()).isEqualTo(2);
            assertThat(second.get().depth()).isEqualTo(1);
            assertThat(known.get().depth()).isEqualTo(3);
            assertThat(model.contexts()).isEqualTo(2);
            assertThat(service.statistics())
                    .usingRecursiveComparison()
                    .ignoringFields("lingerNanos", "modelNanos", "cachedBytes")
                    .isEqualTo(new ServiceStatistics(4, 2, 0, 0, 2, 2, 3, 3, 0, 0, 0, 0));
        }
    }

    @Test
    void placesAreAsManyAsTheCacheHasRoomForAndABatchNeeds() {
        SimulatedDevice device = new SimulatedDevice(new PortableModel(TOY.size()));
        TokenByteTrie trie = new TokenByteTrie(TOY);
        new EmbeddedTrieLmService(trie, device, new ServiceSettings(8, 0, 4L * TOY.size() * 100, 1)).close();
        assertThat(device.capacity()).isEqualTo(100);
        new EmbeddedTrieLmService(trie, device, new ServiceSettings(8, 0, 0, 1)).close();
        assertThat(device.capacity()).isEqualTo(8);
    }

    private static LanguageModel onHost(TokenByteTrie trie) {
        return new ReorderedModel(new PortableModel(trie.vocabulary().size()), trie.columnOrder());
    }

    private static EmbeddedTrieLmService service(TokenByteTrie trie, LanguageModel model) {
        return new EmbeddedTrieLmService(trie, model, ServiceSettings.defaults());
    }

    private static TrieLmService service(GatedModel model, ServiceSettings settings) {
        return EmbeddedTrieLmService.open(
                TOY, order -> new SimulatedDevice(new ReorderedModel(model, order)), settings);
    }

    private static ExpandRequest request(int lastToken, String path) {
        return new ExpandRequest(
                TokenContext.of(0, lastToken),
                path.getBytes(StandardCharsets.ISO_8859_1),
                NO_EOS,
                ExpandRequest.NO_ROWS);
    }
}
