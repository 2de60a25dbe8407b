package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a service tells beyond a path is what it answers along each longer one, and it is of the heaviest ways. */
@Timeout(60)
class WalkAheadTest {
    private static final double NATS = 1e-9;

    @Test
    void whatIsToldBeyondAPathIsTheAnswerAlongTheLongerOne() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int compared = 0;
        for (int i = 0; i < 60; i++) {
            Vocabulary vocabulary = RandomRequests.vocabularyWithSpecials(random);
            RandomRequests requests = new RandomRequests(random, vocabulary);
            try (TrieLmService service = service(vocabulary)) {
                for (int j = 0; j < 30; j++) {
                    ExpandRequest request = requests.next();
                    int most = 1 + random.nextInt(12);
                    Expansion answer = service.expand(request.withAhead(most)).get();
                    compared += compareEachWay(service, request, answer, most, "seed " + seed + ", " + i + ", " + j);
                }
            }
        }
        assertThat(compared).as("ways that were compared").isGreaterThan(500);
    }

    private static int compareEachWay(
            TrieLmService service, ExpandRequest request, Expansion answer, int most, String what) throws Exception {
        MassesAhead ahead = answer.ahead();
        if (answer.depth() < request.path().length || request.path().length == 0) {
            assertThat(ahead).as(what).isNull();
            return 0;
        }
        assertThat(ahead).as(what).isNotNull();
        assertThat(ahead.count()).as(what).isLessThanOrEqualTo(most);
        double lightestTold = Arrays.stream(ahead.logMass()).min().orElse(Double.NEGATIVE_INFINITY);
        for (int way = 0; way < ahead.count(); way++) {
            byte[] path = pathTo(ahead, way, request.path());
            ExpandRequest longer = new ExpandRequest(
                    request.context(), path, request.eosTokens(), ExpandRequest.NO_ROWS, request.silencesSpecials());
            Expansion told = answer.along(path);
            assertThat(told).as(what).isNotNull();
            ExpansionAssert.assertSame(told, service.expand(longer).get(), NATS, what + ", way " + way);
        }
        if (ahead.count() == most) {
            assertNoHeavierByteIsLeftOut(service, request, answer, lightestTold, what);
        }
        return ahead.count();
    }

    private static void assertNoHeavierByteIsLeftOut(
            TrieLmService service, ExpandRequest request, Expansion answer, double lightestTold, String what)
            throws Exception {
        ExpandRequest withRow = new ExpandRequest(
                request.context(),
                request.path(),
                request.eosTokens(),
                request.path().length,
                request.silencesSpecials());
        double[] row = service.expand(withRow).get().rows()[request.path().length];
        for (int next = 0; next < 256; next++) {
            byte[] path = Arrays.copyOf(request.path(), request.path().length + 1);
            path[path.length - 1] = (byte) next;
            if (answer.along(path) == null) {
                assertThat(row[next]).as(what + ", byte " + next).isLessThanOrEqualTo(lightestTold + NATS);
            }
        }
    }

    private static byte[] pathTo(MassesAhead ahead, int way, byte[] path) {
        if (way == MassesAhead.PATH_END) {
            return path;
        }
        byte[] before = pathTo(ahead, ahead.parents()[way], path);
        byte[] longer = Arrays.copyOf(before, before.length + 1);
        longer[before.length] = ahead.bytes()[way];
        return longer;
    }

    private static TrieLmService service(Vocabulary vocabulary) {
        TokenByteTrie trie = new TokenByteTrie(vocabulary);
        return new EmbeddedTrieLmService(
                trie,
                new ReorderedModel(new PortableModel(vocabulary.size()), trie.columnOrder()),
                ServiceSettings.defaults());
    }

    @Test
    void aWayThatIsNotToldIsNotKnown() throws Exception {
        Vocabulary vocabulary = ToyVocabulary.of("<s>", "a", "ab", "abc", "ax", "b");
        try (TrieLmService service = service(vocabulary)) {
            ExpandRequest request = new ExpandRequest(
                    TokenContext.startingWith(0), new byte[] {'a'}, new int[0], ExpandRequest.NO_ROWS);

            Expansion nothingTold = service.expand(request).get();
            Expansion told = service.expand(request.withAhead(10)).get();

            assertThat(nothingTold.along(new byte[] {'a', 'b'})).isNull();
            assertThat(told.along(new byte[] {'a', 'b', 'c'})).isNotNull();
            assertThat(told.along(new byte[] {'a', 'z'})).isNull();
            assertThat(told.along(new byte[] {'a', 'b', 'c', 'd'})).isNull();
        }
    }
}
