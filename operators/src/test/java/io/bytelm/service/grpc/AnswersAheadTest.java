package io.bytelm.service.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.proto.Masses;
import io.bytelm.service.grpc.proto.MassesAhead;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a service tells beyond a path saves calls, and changes no result. */
@Timeout(60)
class AnswersAheadTest {
    private static final Vocabulary WORDS = ToyVocabulary.of(
            "<s>", "t", "th", "the", "then", "a", "an", "and", " ", " the", " and", "h", "e", "n", "d");
    private static final byte[] TEXT = "the and then the an and the hat then and the".getBytes(UTF_8);

    private final Servers servers = new Servers();

    @AfterEach
    void close() throws Exception {
        servers.close();
    }

    @Test
    void aTextThatComesByteByByteIsReadWithFewerCallsAndTheSameNumbers() throws Exception {
        PortableModel model = new PortableModel(WORDS.size());
        RemoteTrieLmService remote = servers.connect(servers.serve(WORDS, model).address());

        List<Double> there = logProbsByteByByte(remote);

        List<Double> here = logProbsByteByByte(new BruteForceTrieLmService(WORDS, model));
        for (int i = 0; i < here.size(); i++) {
            assertThat(there.get(i)).as("byte " + i).isCloseTo(here.get(i), within(1e-6));
        }
        assertThat(remote.connections().answeredAhead())
                .as("requests without a call, beside " + remote.connections().calls() + " calls")
                .isGreaterThan(remote.connections().calls() / 4);
    }

    private static List<Double> logProbsByteByByte(TrieLmService service) {
        Beam beam = Beam.initial(service.vocabulary().bosToken(), BeamParams.of(5, 0));
        List<Double> logProbs = new ArrayList<>();
        for (byte next : TEXT) {
            beam = beam.prune().advance(Lookahead.of(new byte[] {next}, 0)).run(new ServiceAnswers(service));
            logProbs.add(beam.logZ());
        }
        return logProbs;
    }

    @Test
    void aRequestOfAnotherKindIsNotAnsweredByIt() {
        AnswersAhead ahead = new AnswersAhead(new TokenByteTrie(WORDS));
        ExpandRequest asked = request("t", new int[0], ExpandRequest.NO_ROWS);
        Expansion answer = answerWithAnHBelow();

        ahead.tell(ahead.lookingAhead(asked), answer);

        assertThat(ahead.answerTo(request("th", new int[0], ExpandRequest.NO_ROWS)))
                .isNotNull();
        assertThat(ahead.answerTo(request("th", new int[] {3}, ExpandRequest.NO_ROWS)))
                .as("other EOS tokens")
                .isNull();
        assertThat(ahead.answerTo(request("th", new int[0], 1))).as("rows").isNull();
        assertThat(ahead.answerTo(request("the", new int[0], ExpandRequest.NO_ROWS)))
                .as("not told")
                .isNull();
        assertThat(ahead.answerTo(request("an", new int[0], ExpandRequest.NO_ROWS)))
                .as("another path")
                .isNull();
        assertThat(ahead.lookingAhead(request("a text that is known far ahead", new int[0], ExpandRequest.NO_ROWS))
                        .ahead())
                .isZero();
    }

    @Test
    void whereNoTokenGoesOnAndWhatLiesOnTheWayThereNeedsNoCall() {
        AnswersAhead ahead = new AnswersAhead(new TokenByteTrie(WORDS));
        Expansion answer = answerWithAnHBelow();
        ahead.tell(ahead.lookingAhead(request("t", new int[0], ExpandRequest.NO_ROWS)), answer);

        for (String path : List.of("te", "tea", "t", "")) {
            Expansion known = ahead.answerTo(request(path, new int[0], ExpandRequest.NO_ROWS));
            assertThat(known).as(path).isNotNull();
            assertThat(known.logMass())
                    .as(path)
                    .isEqualTo(Arrays.copyOf(answer.logMass(), Math.min(1, path.length()) + 1));
        }
        assertThat(ahead.answerTo(request("x", new int[0], ExpandRequest.NO_ROWS)))
                .as("no token begins so")
                .satisfies(known -> assertThat(known.depth()).isZero());
    }

    @Test
    void whatIsAnsweredWithoutACallIsWhatTheServiceAnswers() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int answered = 0;
        for (int round = 0; round < 30; round++) {
            Vocabulary vocabulary = ToyVocabulary.random(random);
            AnswersAhead ahead = new AnswersAhead(new TokenByteTrie(vocabulary));
            BruteForceTrieLmService oracle =
                    new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
            TrieLmService service =
                    servers.embedded(vocabulary, new PortableModel(vocabulary.size()), ServiceSettings.defaults());
            for (int i = 0; i < 100; i++) {
                ExpandRequest request = RemoteTrieLmServiceTest.randomRequest(
                        random, TokenContext.startingWith(vocabulary.bosToken()), vocabulary);
                Expansion known = ahead.answerTo(request);
                if (known == null) {
                    ExpandRequest asked = ahead.lookingAhead(request);
                    ahead.tell(asked, service.expand(asked).join());
                } else {
                    answered++;
                    Expansions.assertSame(known, oracle.expand(request).get());
                }
            }
        }
        assertThat(answered).as("seed " + seed).isPositive();
    }

    private static ExpandRequest request(String path, int[] eosTokens, int rowsFrom) {
        return new ExpandRequest(TokenContext.startingWith(0), path.getBytes(UTF_8), eosTokens, rowsFrom);
    }

    private static Expansion answerWithAnHBelow() {
        return new Expansion(
                        new double[] {0, -1},
                        new int[][] {{}, {1}},
                        new double[][] {{}, {-2}},
                        Double.NEGATIVE_INFINITY,
                        new double[2][])
                .with(new io.bytelm.service.MassesAhead(
                        new int[] {io.bytelm.service.MassesAhead.PATH_END},
                        new byte[] {'h'},
                        new double[] {-1.5},
                        new int[][] {{2}},
                        new double[][] {{-3}}));
    }

    @Test
    void whatIsNoTreeIsMalformed() {
        MassesAhead good =
                WireMassesAhead.of(Objects.requireNonNull(answerWithAnHBelow().ahead()));
        List<MassesAhead> bad = List.of(
                good.toBuilder().setParents(0, 1).build(), // its own parent
                good.toBuilder().setParents(0, 2).build(),
                good.toBuilder().setParents(0, -1).build(),
                good.toBuilder().clearParents().build(),
                good.toBuilder().setNext(ByteString.EMPTY).build(),
                good.toBuilder().addLogMass(0).build(),
                good.toBuilder()
                        .setEnds(0, good.getEnds(0).toBuilder().setDepth(1))
                        .build());
        for (MassesAhead ahead : bad) {
            Masses masses = WireMasses.of(answerWithAnHBelow()).toBuilder()
                    .setAhead(ahead)
                    .build();
            assertThatThrownBy(() -> WireMasses.read(masses, 1))
                    .as(ahead.toString())
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void whatTravelsIsWhatWasTold() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Vocabulary vocabulary = ToyVocabulary.random(random);
        TrieLmService service =
                servers.embedded(vocabulary, new PortableModel(vocabulary.size()), ServiceSettings.defaults());
        for (int token = 0; token < vocabulary.size(); token++) {
            byte[] path = Arrays.copyOf(vocabulary.bytes(token), Math.min(1, vocabulary.bytes(token).length));
            ExpandRequest request = new ExpandRequest(
                    TokenContext.startingWith(vocabulary.bosToken()), path, new int[0], ExpandRequest.NO_ROWS);
            Expansion told = service.expand(request.withAhead(30)).get();
            Expansion read = WireMasses.read(WireMasses.of(told), path.length);
            if (told.ahead() != null && told.ahead().count() > 0) {
                assertThat(read.ahead())
                        .as("seed " + seed)
                        .usingRecursiveComparison()
                        .isEqualTo(told.ahead());
            }
        }
    }
}
