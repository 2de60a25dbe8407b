package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.ServiceSettings;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that forget, that have others to serve, or that know less of the protocol. */
@Timeout(60)
class LesserServersTest {
    private static final Vocabulary TOY = ToyVocabulary.of("<s>", "a", "ab", "abc", "b", "ab", "");

    private final Servers servers = new Servers();

    @AfterEach
    void close() throws Exception {
        servers.close();
    }

    @Test
    void aContextWhoseBeginningTheServerHasForgottenIsSentInFull() throws Exception {
        PortableModel model = new PortableModel(TOY.size());
        BruteForceTrieLmService oracle = new BruteForceTrieLmService(TOY, model);
        RemoteTrieLmService remote = servers.connect(
                servers.closing(new ForgetfulServer(servers.embedded(TOY, model, ServiceSettings.defaults()), 2))
                        .address());
        Random random = new Random(5);
        List<TokenContext> contexts = new ArrayList<>(List.of(TokenContext.of(0)));
        for (int i = 0; i < 100; i++) {
            contexts.add(contexts.get(random.nextInt(contexts.size())).plus(random.nextInt(TOY.size())));
            ExpandRequest request = RemoteTrieLmServiceTest.request(contexts.get(random.nextInt(contexts.size())));

            Expansions.assertSame(
                    remote.expand(request).get(), oracle.expand(request).get());
        }
        assertThat(remote.connections().resent()).isPositive();
    }

    @Test
    void clientsShareTheStatesThatTheServicesKeep() throws Exception {
        ServiceAddress first = servers.serve(TOY, new ForgettingModel(600)).address();
        ServiceAddress second = servers.serve(TOY, new ForgettingModel(600)).address();
        RemoteTrieLmService one = servers.connect(first, second);
        awaitRoom(one, 1200);
        try (RemoteTrieLmService other =
                RemoteTrieLmService.open(new RemoteSettings(List.of(first), ClientSecurity.NONE), "other")) {
            awaitRoom(other, 300);
            awaitRoom(one, 900);
        }
        awaitRoom(one, 1200);
    }

    private static void awaitRoom(RemoteTrieLmService client, long tokens) throws InterruptedException {
        for (int i = 0; i < 500 && client.room().capacityTokens() != tokens; i++) {
            Thread.sleep(20);
        }
        assertThat(client.room().capacityTokens()).isEqualTo(tokens);
    }

    /** Keeps the states of few tokens, as it says. */
    private record ForgettingModel(long keptTokens, PortableModel model) implements LanguageModel {
        ForgettingModel(long keptTokens) {
            this(keptTokens, new PortableModel(TOY.size()));
        }

        @Override
        public int vocabularySize() {
            return model.vocabularySize();
        }

        @Override
        public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
            return model.nextTokenProbabilities(contexts);
        }

        @Override
        public void close() {}
    }

    @Test
    void aServerOfAnEarlierFormOfTheProtocolIsUnderstood() throws Exception {
        PortableModel model = new PortableModel(TOY.size());
        BruteForceTrieLmService oracle = new BruteForceTrieLmService(TOY, model);
        OlderServer older = servers.closing(
                new OlderServer(servers.embedded(TOY, model, ServiceSettings.defaults()), 0, WireDescription.PROTOCOL));
        RemoteTrieLmService remote = servers.connect(older.address());
        Random random = new Random(6);
        List<TokenContext> contexts = new ArrayList<>(List.of(TokenContext.of(0)));
        for (int i = 0; i < 100; i++) {
            contexts.add(contexts.get(random.nextInt(contexts.size())).plus(random.nextInt(TOY.size())));
            ExpandRequest request =
                    RemoteTrieLmServiceTest.randomRequest(random, contexts.get(random.nextInt(contexts.size())), TOY);
            Terms terms = new Terms(0, i, 30_000);

            Expansions.assertSame(
                    remote.expand(request, terms).get(), oracle.expand(request).get());
        }
        long repeats = remote.connections().answeredAhead(); // it tells nothing ahead
        assertThat(repeats).isLessThan(20);
        assertThat(older.calls()).isEqualTo(100 - repeats);
        assertThat(remote.connections().resent()).isZero();
    }

    @ParameterizedTest(name = "version {0}")
    @ValueSource(ints = {0, 2})
    void aServerOfAnotherProtocolIsRefusedByItsVersion(int version) throws Exception {
        OlderServer other = servers.closing(new OlderServer(
                servers.embedded(TOY, new PortableModel(TOY.size()), ServiceSettings.defaults()), 0, version));

        assertThatThrownBy(() -> servers.connect(other.address()))
                .hasMessageContaining(other.address().toString())
                .hasMessageContaining("it speaks version " + version + " of the protocol, this program version 1");
    }
}
