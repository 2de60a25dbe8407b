package io.bytelm.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.PortableModel;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every recorded case of {@code beam.jsonl}: those among the test resources, and those of {@code -Dconformance.dir}. The
 * format and the tolerances are described in the README beside them.
 */
class BeamConformanceTest {
    private static final double TOLERANCE_NATS = 1e-3;
    private static final double LOWEST_COMPARED_NATS = -60;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final Map<Path, Vocabulary> vocabularies = new HashMap<>();

    @TestFactory
    Stream<DynamicTest> equalsTheRecordedReference() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path directory : directories()) {
            for (String line : Files.readAllLines(directory.resolve("beam.jsonl"))) {
                JsonNode recorded = JSON.readTree(line);
                tests.add(DynamicTest.dynamicTest(
                        recorded.get("name").asText(),
                        () -> check(recorded, vocabulary(directory, recorded.get("vocab").asText()))));
            }
        }
        return tests.stream();
    }

    private static List<Path> directories() {
        List<Path> directories = new ArrayList<>(List.of(Path.of("src/test/resources/conformance")));
        String more = System.getProperty("conformance.dir", "");
        if (!more.isEmpty() && !more.startsWith("${")) {
            directories.add(Path.of(more));
        }
        return directories;
    }

    private Vocabulary vocabulary(Path directory, String name) {
        return vocabularies.computeIfAbsent(directory.resolve("vocab-" + name + ".json"), file -> {
            try {
                return RecordedVocabulary.read(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void check(JsonNode recorded, Vocabulary vocabulary) {
        BruteForceTrieLmService service =
                new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
        BeamParams params = params(recorded.get("params"), vocabulary);
        Beam beam = Beam.initial(vocabulary.bosToken(), params);
        if (!recorded.get("prefill").isNull()) {
            beam = beam.prefill(hex(recorded.get("prefill"))).run(service::expandAll);
        }
        JsonNode steps = recorded.get("steps");
        boolean faultless = true;
        for (int i = 0; i < steps.size(); i++) {
            JsonNode step = steps.get(i);
            if (i > 0) {
                beam = read(beam.prune(), step.get("byte").asInt()).run(service::expandAll);
            }
            Prediction prediction = beam.predict(Lookahead.NONE).run(service::expandAll);
            beam = prediction.beam();
            compare("step " + i, step, beam, prediction.next());
            faultless &= !losesExtensions(beam);
        }
        if (faultless) {
            assertThat(service.evaluations())
                    .as("model evaluations")
                    .isLessThanOrEqualTo(recorded.get("lm_calls").asInt());
        }
        checkGreedy(recorded, Beam.initial(vocabulary.bosToken(), params), service);
    }

    private static Step<Beam> read(Beam beam, int symbol) {
        return symbol == Symbols.EOS ? beam.advanceEos() : beam.advance(new byte[] {(byte) symbol}, 0);
    }

    private static void compare(String step, JsonNode recorded, Beam beam, NextByteDistribution next) {
        assertClose(step + " logZ", beam.logZ(), number(recorded.get("logZ")));
        compareCandidates(step, recorded.get("candidates"), beam);
        JsonNode expected = recorded.get("logp_next");
        if (expected.isNull()) {
            assertThat(beam.isDead()).as(step + " is dead").isTrue();
            assertThat(next.isDeadEnd()).as(step + " is a dead end").isTrue();
        } else {
            if (massless(beam).count() == beam.hypotheses().size() || beam.hasTerminated()) {
                assertThat(next.isDeadEnd()).as(step + " is a dead end").isTrue();
            }
            compareDistribution(step, expected, losesExtensions(beam) ? withoutExtensions(beam) : next);
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
        int[] context = IntStream.range(0, recorded.get("context").size())
                .map(i -> recorded.get("context").get(i).asInt())
                .toArray();
        return Arrays.equals(hypothesis.context().tokens(), context)
                && Arrays.equals(hypothesis.partial(), hex(recorded.get("partial")))
                && hypothesis.terminated() == recorded.get("terminated").asBoolean();
    }

    /**
     * A hypothesis without mass at a token's end: the reference divides nothing by nothing there, and the NaN makes it
     * drop every extension of the beam from {@code logp_next} (and fail soon after). The recorded numbers are then those
     * of the mixture without extensions.
     */
    private static boolean losesExtensions(Beam beam) {
        return massless(beam)
                .anyMatch(h -> h.knownMasses().expansion().endTokens()[h.partial().length].length > 0);
    }

    private static Stream<Hypothesis> massless(Beam beam) {
        return beam.hypotheses().stream()
                .filter(h -> !h.terminated() && h.logWeight() == Double.NEGATIVE_INFINITY)
                .filter(h -> h.knownMasses().logMass(h.partial().length) == Double.NEGATIVE_INFINITY);
    }

    private static NextByteDistribution withoutExtensions(Beam beam) {
        SymbolMixture mixture = new SymbolMixture();
        beam.hypotheses().forEach(mixture::addOpen);
        return mixture.normalized();
    }

    /** Where the reference computed NaN (nothing divided by nothing) nothing can come, and its normalizer skips it. */
    private static void compareDistribution(String step, JsonNode recorded, NextByteDistribution next) {
        double[] expected = IntStream.range(0, recorded.size())
                .mapToDouble(i -> number(recorded.get(i)))
                .toArray();
        double[] actual = next.logProbs();
        double[] compared = IntStream.range(0, Symbols.COUNT)
                .mapToDouble(s -> Double.isNaN(expected[s]) ? Double.NEGATIVE_INFINITY : actual[s])
                .toArray();
        double total = LogSpace.logSumExp(compared);
        if (total > Double.NEGATIVE_INFINITY) {
            assertThat(Arrays.stream(expected).allMatch(Double::isNaN)).as(step + " is a dead end").isFalse();
        }
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            assertThat(actual[symbol]).as(step + " symbol " + symbol).isNotNaN();
            if (!Double.isNaN(expected[symbol])) {
                assertClose(
                        step + " symbol " + symbol, LogSpace.logDivide(compared[symbol], total), expected[symbol]);
            }
        }
    }

    private static void checkGreedy(JsonNode recorded, Beam initial, BruteForceTrieLmService service) {
        JsonNode greedy = recorded.get("greedy");
        if (greedy == null || greedy.isNull()) {
            return;
        }
        byte[] prefill = recorded.get("prefill").isNull() ? new byte[0] : hex(recorded.get("prefill"));
        Beam prefilled = initial.prefill(prefill).run(service::expandAll);
        byte[] bytes = Sampling.greedy(prefilled, greedy.get("steps").asInt())
                .run(service::expandAll)
                .bytes();
        if (!greedy.get("output").isNull()) { // null: the reference failed
            byte[] expected = hex(greedy.get("output"));
            int compared = Math.min(bytes.length, faultlessBytes(prefilled, bytes, service));
            assertThat(Arrays.copyOf(bytes, compared))
                    .as("greedy")
                    .isEqualTo(Arrays.copyOfRange(expected, prefill.length, prefill.length + compared));
            assertThat(compared < bytes.length || bytes.length == expected.length - prefill.length)
                    .as("greedy has all %s bytes", expected.length - prefill.length)
                    .isTrue();
        }
    }

    /** How many bytes are chosen before the reference first loses its extensions. */
    private static int faultlessBytes(Beam start, byte[] bytes, BruteForceTrieLmService service) {
        Beam beam = start;
        for (int i = 0; i < bytes.length; i++) {
            beam = beam.predict(Lookahead.NONE).run(service::expandAll).beam();
            if (losesExtensions(beam)) {
                return i;
            }
            beam = beam.prune().advance(bytes, i).run(service::expandAll);
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

    private static BeamParams params(JsonNode json, Vocabulary vocabulary) {
        int[] eosTokens = IntStream.range(0, vocabulary.size())
                .filter(token -> contains(json.get("eos_tokens"), vocabulary.bytes(token)))
                .toArray();
        return new BeamParams(
                limit(json.get("K")),
                json.get("prune_threshold").asDouble(),
                eosTokens,
                json.get("heal").asBoolean(),
                limit(json.get("heal_max_backoff")),
                limit(json.get("heal_max_splits")));
    }

    private static boolean contains(JsonNode tokens, byte[] bytes) {
        for (JsonNode token : tokens) {
            if (Arrays.equals(hex(token), bytes)) {
                return true;
            }
        }
        return false;
    }

    private static int limit(JsonNode json) {
        return json.isNull() ? BeamParams.UNLIMITED : json.asInt();
    }

    private static double number(JsonNode json) {
        return json.isNull() ? Double.NEGATIVE_INFINITY : json.asDouble();
    }

    private static byte[] hex(JsonNode json) {
        return HexFormat.of().parseHex(json.asText());
    }
}
