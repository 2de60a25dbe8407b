package io.bytelm.beam;

import static io.bytelm.beam.RecordedBeams.bytes;
import static io.bytelm.beam.RecordedBeams.number;
import static io.bytelm.beam.RecordedBeams.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.grpc.RemoteTrieLmService;
import io.bytelm.service.grpc.Servers;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every recorded case of {@code beam.jsonl}. The format and the tolerances are described in the README beside it. The
 * service is once the brute-force oracle, which also counts evaluations, once the embedded service, and once a remote one.
 */
class BeamConformanceTest {
    private static final double TOLERANCE_NATS = 1e-3;
    private static final double LOWEST_COMPARED_NATS = -60;

    private final Map<Vocabulary, EmbeddedTrieLmService> embedded = new HashMap<>();

    private final Map<Vocabulary, RemoteTrieLmService> remote = new HashMap<>();
    private final Servers servers = new Servers();

    @AfterEach
    void closeServices() throws Exception {
        embedded.values().forEach(EmbeddedTrieLmService::close);
        servers.close();
    }

    @TestFactory
    Stream<DynamicTest> equalsTheReferenceWithNoMoreEvaluations() throws IOException {
        return RecordedBeams.readAll().stream()
                .map(recorded -> DynamicTest.dynamicTest(recorded.name(), () -> {
                    Vocabulary vocabulary = recorded.vocabulary();
                    BruteForceTrieLmService service =
                            new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
                    boolean faultless = checkSteps(recorded, service::expandAll);
                    if (faultless) { // otherwise the reference lacks evaluations that it should have made
                        assertThat(service.evaluations())
                                .as("model evaluations")
                                .isLessThanOrEqualTo(
                                        recorded.json().get("lm_calls").asInt());
                    }
                    checkGreedy(recorded, service::expandAll);
                }));
    }

    @TestFactory
    Stream<DynamicTest> equalsTheReferenceThroughTheEmbeddedService() throws IOException {
        return RecordedBeams.readAll().stream()
                .map(recorded -> DynamicTest.dynamicTest(recorded.name(), () -> {
                    ServiceAnswers service = new ServiceAnswers(
                            embedded.computeIfAbsent(recorded.vocabulary(), BeamConformanceTest::openEmbedded));
                    checkSteps(recorded, service);
                    checkGreedy(recorded, service);
                }));
    }

    @TestFactory
    Stream<DynamicTest> equalsTheReferenceThroughARemoteService() throws IOException {
        return RecordedBeams.readAll().stream()
                .map(recorded -> DynamicTest.dynamicTest(recorded.name(), () -> {
                    Vocabulary vocabulary = recorded.vocabulary();
                    if (!remote.containsKey(vocabulary)) {
                        PortableModel model = new PortableModel(vocabulary.size());
                        remote.put(
                                vocabulary,
                                servers.connect(servers.serve(vocabulary, model).address()));
                    }
                    checkSteps(recorded, new ServiceAnswers(remote.get(vocabulary)));
                }));
    }

    private static EmbeddedTrieLmService openEmbedded(Vocabulary vocabulary) {
        return EmbeddedTrieLmService.open(
                vocabulary,
                order -> new ReorderedModel(new PortableModel(vocabulary.size()), order),
                ServiceSettings.defaults());
    }

    /** Whether the reference computed all distributions of the case as it meant to. */
    private static boolean checkSteps(
            RecordedBeams.Case recorded, Function<List<ExpandRequest>, List<Expansion>> service) {
        JsonNode prefill = recorded.json().get("prefill");
        JsonNode steps = recorded.json().get("steps");
        Beam beam = initial(recorded);
        if (!prefill.isNull()) {
            beam = beam.prefill(bytes(prefill)).run(service);
        }
        boolean faultless = true;
        for (int i = 0; i < steps.size(); i++) {
            if (i > 0) {
                int symbol = steps.get(i).get("byte").asInt();
                beam = read(beam.prune(), symbol).run(service);
            }
            Prediction prediction = beam.predict(Lookahead.NONE).run(service);
            beam = prediction.beam();
            compare("step " + i, steps.get(i), prediction);
            faultless &= !ReferenceFaults.losesExtensions(beam);
        }
        return faultless;
    }

    private static Beam initial(RecordedBeams.Case recorded) {
        return Beam.initial(recorded.vocabulary().bosToken(), recorded.params());
    }

    private static Step<Beam> read(Beam beam, int symbol) {
        return symbol == Symbols.EOS ? beam.advanceEos() : beam.advance(new byte[] {(byte) symbol}, 0);
    }

    private static void compare(String step, JsonNode recorded, Prediction prediction) {
        Beam beam = prediction.beam();
        assertClose(step + " logZ", beam.logZ(), number(recorded.get("logZ")));
        compareCandidates(step, recorded.get("candidates"), beam);
        if (beam.logZ() == Double.NEGATIVE_INFINITY || beam.hasTerminated()) {
            assertThat(prediction.next().isDeadEnd())
                    .as(step + " is a dead end")
                    .isTrue();
        }
        if (recorded.get("logp_next").isNull()) {
            assertThat(beam.isDead()).as(step + " is dead").isTrue();
        } else {
            compareDistribution(step, numbers(recorded.get("logp_next")), prediction);
        }
    }

    private static void compareCandidates(String step, JsonNode recorded, Beam beam) {
        assertThat(beam.hypotheses()).as(step + " candidates").hasSize(recorded.size());
        for (int i = 0; i < recorded.size(); i++) {
            JsonNode expected = recorded.get(i);
            String what = step + " candidate " + i;
            Hypothesis same = beam.hypotheses().stream()
                    .filter(h -> isSame(h, expected))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(what + " is missing: " + expected));
            double weight = number(expected.get("weight"));
            assertClose(what + " weight", same.logWeight(), weight);
            assertClose(what + " order", beam.hypotheses().get(i).logWeight(), weight);
        }
    }

    private static boolean isSame(Hypothesis hypothesis, JsonNode recorded) {
        int[] context = Arrays.stream(numbers(recorded.get("context")))
                .mapToInt(token -> (int) token)
                .toArray();
        return Arrays.equals(hypothesis.context().tokens(), context)
                && Arrays.equals(hypothesis.partial(), bytes(recorded.get("partial")))
                && hypothesis.terminated() == recorded.get("terminated").asBoolean();
    }

    /** The reference's normalizer skips the symbols where it computed NaN. */
    private static void compareDistribution(String step, double[] expected, Prediction prediction) {
        Beam beam = prediction.beam();
        assertThat(prediction.next().logProbs()).as(step).doesNotContain(Double.NaN);
        boolean faulty = ReferenceFaults.losesExtensions(beam);
        NextByteDistribution next = faulty ? ReferenceFaults.withoutExtensions(beam) : prediction.next();
        if (Arrays.stream(expected).allMatch(Double::isNaN)) {
            assertThat(faulty || next.isDeadEnd()).as(step + " is a dead end").isTrue();
        }
        double[] compared = IntStream.range(0, Symbols.COUNT)
                .mapToDouble(s -> Double.isNaN(expected[s]) ? Double.NEGATIVE_INFINITY : next.logProb(s))
                .toArray();
        double total = LogSpace.logSumExp(compared);
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            if (!Double.isNaN(expected[symbol])) {
                double logProb = LogSpace.logDivide(compared[symbol], total);
                assertClose(step + " symbol " + symbol, logProb, expected[symbol]);
            }
        }
    }

    private static void checkGreedy(
            RecordedBeams.Case recorded, Function<List<ExpandRequest>, List<Expansion>> service) {
        JsonNode greedy = recorded.json().get("greedy");
        if (greedy == null || greedy.isNull()) {
            return;
        }
        byte[] prefill = bytes(recorded.json().get("prefill"));
        Beam prefilled = initial(recorded).prefill(prefill).run(service);
        byte[] bytes = Sampling.greedy(prefilled, greedy.get("steps").asInt())
                .run(service)
                .bytes();
        if (!greedy.get("output").isNull()) { // null: the reference failed
            byte[] output = bytes(greedy.get("output"));
            byte[] expected = Arrays.copyOfRange(output, prefill.length, output.length);
            int faultless = faultlessBytes(prefilled, bytes, service);
            int compared = faultless < bytes.length ? faultless : expected.length;
            assertThat(Arrays.copyOf(bytes, compared)).as("greedy").isEqualTo(Arrays.copyOf(expected, compared));
        }
    }

    /** How many bytes are chosen before the reference first loses its extensions. */
    private static int faultlessBytes(
            Beam start, byte[] bytes, Function<List<ExpandRequest>, List<Expansion>> service) {
        Beam beam = start;
        for (int i = 0; i < bytes.length; i++) {
            beam = beam.predict(Lookahead.NONE).run(service).beam();
            if (ReferenceFaults.losesExtensions(beam)) {
                return i;
            }
            beam = beam.prune().advance(bytes, i).run(service);
        }
        return bytes.length;
    }

    private static void assertClose(String what, double actual, double expected) {
        assertThat(actual).as(what).isNotNaN();
        if (expected == Double.NEGATIVE_INFINITY) {
            assertThat(actual).as(what).isEqualTo(Double.NEGATIVE_INFINITY);
        } else if (expected > LOWEST_COMPARED_NATS) {
            assertThat(actual).as(what).isCloseTo(expected, within(TOLERANCE_NATS));
        }
    }
}
