package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.GatedModel;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.ServiceSettings;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RemoteTrieLmServiceTest {
    private static final Vocabulary TOY = ToyVocabulary.of("<s>", "a", "ab", "abc", "b", "ab", "");

    private final Servers servers = new Servers();

    @AfterEach
    void close() throws Exception {
        servers.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyAnswerIsThatOfTheBruteForceOverTokens(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            Vocabulary vocabulary = ToyVocabulary.random(random);
            PortableModel model = new PortableModel(vocabulary.size());
            BruteForceTrieLmService oracle = new BruteForceTrieLmService(vocabulary, model);
            RemoteTrieLmService remote =
                    servers.connect(servers.serve(vocabulary, model).address());
            List<TokenContext> contexts = new ArrayList<>(List.of(TokenContext.startingWith(vocabulary.bosToken())));
            for (int j = 0; j < 60; j++) {
                TokenContext grown = contexts.get(random.nextInt(contexts.size()));
                for (int k = random.nextInt(4); k > 0; k--) {
                    grown = grown.plus(random.nextInt(vocabulary.size()));
                }
                contexts.add(grown);
                ExpandRequest request = randomRequest(random, grown, vocabulary);
                Expansion answer = remote.expand(request, new Terms(0, random.nextInt(5), 30_000))
                        .get();
                Expansions.assertSame(answer, oracle.expand(request).get());
            }
        }
    }

    @Test
    void theClientKnowsTheModelWithoutItsFiles() throws Exception {
        Vocabulary vocabulary = ToyVocabulary.random(new Random(4));
        RemoteTrieLmService remote = servers.connect(
                servers.serve(vocabulary, new PortableModel(vocabulary.size())).address());

        assertThat(remote.vocabulary().fingerprint()).isEqualTo(vocabulary.fingerprint());
        assertThat(remote.vocabulary().eosTokens()).isEqualTo(vocabulary.eosTokens());
        assertThat(remote.vocabulary().dummyPrefix()).isEqualTo(vocabulary.dummyPrefix());
        assertThat(remote.identity().items()).containsKey("vocabulary");
    }

    @Test
    void aContextThatGrowsTravelsAsItsNewTokens() throws Exception {
        RemoteTrieLmService remote = servers.connect(
                servers.serve(TOY, new PortableModel(TOY.size())).address());
        TokenContext context = TokenContext.of(0);
        for (int i = 0; i < 20_000; i++) {
            context = context.plus(1 + i % 5);
        }
        remote.expand(request(context)).get();
        long afterTheWhole = remote.connections().bytesSent();
        for (int i = 0; i < 100; i++) {
            context = context.plus(2);
            remote.expand(request(context)).get();
        }
        assertThat(afterTheWhole).as("bytes of 20,001 tokens").isGreaterThan(20_000);
        assertThat((remote.connections().bytesSent() - afterTheWhole) / 100)
                .as("bytes a request")
                .isLessThan(64);
    }

    @Test
    void whatIsLateOrCancelledIsNotComputed() throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        RemoteTrieLmService remote = servers.connect(
                servers.serve(TOY, model, ServiceSettings.defaults().withoutSpeculation())
                        .address());
        CompletableFuture<Expansion> running = remote.expand(request(TokenContext.of(0)));
        model.awaitCall();
        CompletableFuture<Expansion> late = remote.expand(request(TokenContext.of(0, 1)), new Terms(0, 0, 100));
        CompletableFuture<Expansion> cancelled = remote.expand(request(TokenContext.of(0, 2)));
        CompletableFuture<Expansion> wanted = remote.expand(request(TokenContext.of(0, 3)));

        assertThatThrownBy(late::get).hasRootCauseInstanceOf(ServiceRefusedException.class);
        cancelled.cancel(false);
        TimeUnit.MILLISECONDS.sleep(200); // what was cancelled travels
        model.open();
        running.get();
        wanted.get();
        assertThat(model.contexts()).isEqualTo(2);
    }

    @Test
    void aRequestThatCannotBeAnsweredHarmsNoOther() throws Exception {
        RemoteTrieLmService remote = servers.connect(
                servers.serve(TOY, new PortableModel(TOY.size())).address());
        CompletableFuture<Expansion> wrong = remote.expand(request(TokenContext.of(0, 99)));
        CompletableFuture<Expansion> right = remote.expand(request(TokenContext.of(0, 1)));

        assertThat(right.get().logMass()[0]).isCloseTo(0, within(1e-6));
        assertThatThrownBy(wrong::get)
                .cause()
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("token 99 is not an id of a vocabulary of 7 tokens");
        assertThatThrownBy(remote.expand(new ExpandRequest(TokenContext.of(0), new byte[0], new int[] {7}, 0))::get)
                .hasMessageContaining("EOS token 7");
    }

    @Test
    void oneClientsBurstIsRefusedForAWhileAndStillAnswered() throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        ServiceSettings fewWait = new ServiceSettings(4, 0, 0, 1).withMaxWaiting(8);
        TrieLmServer server = servers.serve(TOY, model, fewWait);
        RemoteTrieLmService busy = servers.connect(server.address());
        RemoteTrieLmService other = servers.connect(server.address());
        List<CompletableFuture<Expansion>> burst = new ArrayList<>();
        TokenContext context = TokenContext.of(0);
        for (int i = 0; i < 50; i++) {
            context = context.plus(1);
            burst.add(busy.expand(request(context)));
        }
        model.awaitCall();
        CompletableFuture<Expansion> single = other.expand(request(TokenContext.of(0, 3)));
        while (server.statistics().refused().getOrDefault("exhausted", 0L) == 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        model.open();

        assertThat(single.get().depth()).isPositive();
        for (CompletableFuture<Expansion> answer : burst) {
            assertThat(answer.get().depth()).isPositive();
        }
    }

    @Test
    void whenAnEndpointGoesItsSessionsGoOnElsewhereAndWhenItIsBackTheyReturn() throws Exception {
        Vocabulary vocabulary = ToyVocabulary.random(new Random(6));
        PortableModel model = new PortableModel(vocabulary.size());
        BruteForceTrieLmService oracle = new BruteForceTrieLmService(vocabulary, model);
        TrieLmServer first = servers.serve(vocabulary, model);
        TrieLmServer second = servers.serve(vocabulary, model);
        RemoteTrieLmService remote = servers.connect(first.address(), second.address());
        assertThat(remote.connections().readyEndpoints()).isEqualTo(2);
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            if (round == 100) {
                first.close();
            } else if (round == 200) {
                servers.serve(
                        servers.embedded(vocabulary, model, ServiceSettings.defaults()),
                        first.address().port(),
                        ServerSecurity.NONE);
            }
            TokenContext context = TokenContext.of(vocabulary.bosToken(), random.nextInt(vocabulary.size()));
            ExpandRequest request = randomRequest(random, context, vocabulary);
            Expansions.assertSame(
                    remote.expand(request, new Terms(0, round, Long.MAX_VALUE)).get(),
                    oracle.expand(request).get());
        }
        while (remote.connections().readyEndpoints() < 2) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void aServerThatEndsAnswersWhatItWasAsked() throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        TrieLmServer server = servers.serve(TOY, model);
        RemoteTrieLmService remote = servers.connect(server.address());
        CompletableFuture<Expansion> asked = remote.expand(request(TokenContext.of(0, 1)));
        model.awaitCall();
        Thread ending = new Thread(server::close);
        ending.start();
        TimeUnit.MILLISECONDS.sleep(300);
        assertThat(asked).isNotDone();
        model.open();

        assertThat(asked.get().depth()).isPositive();
        ending.join();
        assertThat(server.statistics().answered()).isEqualTo(1);
    }

    @Test
    void endpointsOfDifferentModelsAreRefusedByName() throws Exception {
        TrieLmServer one = servers.serve(TOY, new PortableModel(TOY.size()));
        Vocabulary other = ToyVocabulary.of("<s>", "x", "y");
        TrieLmServer two = servers.serve(other, new PortableModel(other.size()));

        assertThatThrownBy(() -> servers.connect(one.address(), two.address()))
                .isInstanceOf(ServiceRefusedException.class)
                .hasMessageContaining("do not fit together")
                .hasMessageContaining("it is another model than the one at 127.0.0.1:")
                .hasMessageContaining("vocabulary ");
    }

    /** Also those that were refused for a while, and those that come while it closes. */
    @Test
    void nothingIsLeftWithoutAnAnswerWhenAClientCloses() throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        TrieLmServer server = servers.serve(TOY, model, new ServiceSettings(4, 0, 0, 1).withMaxWaiting(2));
        RemoteTrieLmService remote = servers.connect(server.address());
        List<CompletableFuture<Expansion>> answers = new ArrayList<>();
        Thread closing = new Thread(remote::close);
        for (int i = 0; i < 2000; i++) {
            answers.add(remote.expand(request(TokenContext.of(0, i % TOY.size(), i / TOY.size() % TOY.size()))));
            if (i == 1000) {
                closing.start();
            }
        }
        closing.join();
        model.open();
        for (CompletableFuture<Expansion> answer : answers) {
            assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(ServiceClosedException.class);
        }
    }

    @Test
    void aClosedClientSaysSo() throws Exception {
        GatedModel model = new GatedModel(TOY.size());
        RemoteTrieLmService remote = servers.connect(servers.serve(TOY, model).address());
        CompletableFuture<Expansion> waiting = remote.expand(request(TokenContext.of(0, 1)));
        model.awaitCall();
        remote.close();

        assertThatThrownBy(waiting::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ServiceClosedException.class);
        assertThatThrownBy(remote.expand(request(TokenContext.of(0, 1)))::get)
                .hasCauseInstanceOf(ServiceClosedException.class);
        model.open();
    }

    static ExpandRequest request(TokenContext context) {
        return new ExpandRequest(context, new byte[] {'a', 'b'}, new int[0], ExpandRequest.NO_ROWS);
    }

    static ExpandRequest randomRequest(Random random, TokenContext context, Vocabulary vocabulary) {
        byte[] path = vocabulary.bytes(random.nextInt(vocabulary.size())).clone();
        int[] eos = random.nextBoolean() ? new int[0] : new int[] {random.nextInt(vocabulary.size())};
        int rowsFrom = random.nextInt(3) == 0 ? ExpandRequest.NO_ROWS : random.nextInt(path.length + 1);
        return new ExpandRequest(context, path, eos, rowsFrom, random.nextBoolean());
    }
}
