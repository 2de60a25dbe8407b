package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two services, one behind a bad network: every answer is there and right, and the faults did happen. */
@Timeout(120)
class BadNetworkTest {
    private static final long SEED = 20261128;
    private static final int ROUNDS = 50;
    private static final int MOST_ROUNDS = 2000;

    private final Servers servers = new Servers();

    @AfterEach
    void close() throws Exception {
        servers.close();
    }

    static Stream<Arguments> networks() {
        return Stream.of(
                network("slow", proxy -> proxy.delay(20), proxy -> proxy.delays() > 0),
                network("cuts connections", proxy -> proxy.cut(0.02), proxy -> proxy.cuts() > 0),
                network("changes bytes", proxy -> proxy.change(0.1), proxy -> proxy.changes() > 0));
    }

    private static Arguments network(String name, Consumer<FaultyProxy> fault, Predicate<FaultyProxy> happened) {
        return Arguments.of(name, fault, happened);
    }

    /** gRPC itself would miss it after 14 s. */
    @Test
    void aServiceThatGivesNoSignOfLifeIsLeftInSomeSeconds() throws Exception {
        Vocabulary vocabulary = ToyVocabulary.random(new Random(SEED));
        PortableModel model = new PortableModel(vocabulary.size());
        FaultyProxy proxy =
                servers.closing(new FaultyProxy(servers.serve(vocabulary, model).address(), SEED));
        RemoteTrieLmService remote = servers.connect(
                proxy.address(), servers.serve(vocabulary, model).address());
        proxy.freeze();
        List<CompletableFuture<Expansion>> answers = new ArrayList<>();
        for (int session = 0; session < 32; session++) {
            TokenContext context = TokenContext.of(vocabulary.bosToken(), session % vocabulary.size());
            answers.add(remote.expand(
                    new ExpandRequest(context, new byte[] {'a'}, new int[0], 1),
                    new Terms(0, session, Long.MAX_VALUE)));
        }
        for (CompletableFuture<Expansion> answer : answers) {
            assertThat(answer.get(11, TimeUnit.SECONDS).logMass()[0]).isCloseTo(0, within(1e-6));
        }
        assertThat(remote.connections().moved()).isPositive();
    }

    @ParameterizedTest(name = "{0}, seed " + SEED)
    @MethodSource("networks")
    void everyAnswerIsThereAndRight(String name, Consumer<FaultyProxy> fault, Predicate<FaultyProxy> happened)
            throws Exception {
        Random random = new Random(SEED);
        Vocabulary vocabulary = ToyVocabulary.random(random);
        PortableModel model = new PortableModel(vocabulary.size());
        BruteForceTrieLmService oracle = new BruteForceTrieLmService(vocabulary, model);
        FaultyProxy proxy =
                servers.closing(new FaultyProxy(servers.serve(vocabulary, model).address(), SEED));
        RemoteTrieLmService remote = servers.connect(
                proxy.address(), servers.serve(vocabulary, model).address());
        fault.accept(proxy);
        List<TokenContext> contexts = new ArrayList<>(List.of(TokenContext.of(vocabulary.bosToken())));
        // How many sessions the bad network carries is a matter of the ports, which nobody chooses.
        for (int round = 0; round < ROUNDS || !happened.test(proxy) && round < MOST_ROUNDS; round++) {
            List<ExpandRequest> asked = new ArrayList<>();
            List<CompletableFuture<Expansion>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                TokenContext context =
                        contexts.get(random.nextInt(contexts.size())).plus(random.nextInt(vocabulary.size()));
                contexts.add(context);
                ExpandRequest request = new ExpandRequest(context, new byte[] {'a', 'b'}, new int[0], 1);
                asked.add(request);
                answers.add(remote.expand(request, new Terms(0, random.nextInt(32), Long.MAX_VALUE)));
            }
            for (int i = 0; i < asked.size(); i++) {
                Expansions.assertSame(
                        answers.get(i).get(), oracle.expand(asked.get(i)).get());
            }
        }
        assertThat(happened.test(proxy)).as("the fault happened").isTrue();
    }
}
