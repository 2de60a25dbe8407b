package io.bytelm.beam;

import static io.bytelm.beam.RecordedBeams.bytes;
import static io.bytelm.beam.RecordedBeams.number;
import static io.bytelm.beam.RecordedBeams.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The whole path from bytes to distributions with the bundled model, against what the reference computed with it.
 */
class BundledModelConformanceTest {
    private static final double LOG_PROB_TOLERANCE_NATS = 1e-3;
    private static final double LOG_Z_TOLERANCE_NATS = 2e-3;
    private static final double LOWEST_COMPARED_NATS = -40;

    private static Vocabulary vocabulary;
    private static EmbeddedTrieLmService service;

    @BeforeAll
    static void openTheBundledModel() {
        Path directory = BundledModel.directory();
        DjlModelSettings settings = DjlModelSettings.of(directory).withThreads(1);
        vocabulary = VocabularyReader.fromModelDirectory(directory);
        service = EmbeddedTrieLmService.open(
                vocabulary, order -> DjlLanguageModel.open(settings, order), ServiceSettings.defaults());
    }

    @AfterAll
    static void closeIt() {
        service.close();
    }

    @Test
    void everyPrefixGetsTheRecordedDistributionAndCandidates() throws IOException {
        List<JsonNode> cases = read("next.jsonl");
        assertThat(cases).isNotEmpty();
        for (JsonNode recorded : cases) {
            String name = "prefix " + recorded.get("prefix").asText();
            Beam beam = Beam.initial(vocabulary.bosToken(), params(recorded))
                    .prefill(bytes(recorded.get("prefix")))
                    .run(new ServiceAnswers(service));
            NextByteDistribution next = beam.nextByte().run(new ServiceAnswers(service));
            assertThat(beam.logZ())
                    .as(name + " log_z")
                    .isCloseTo(number(recorded.get("log_z")), within(LOG_Z_TOLERANCE_NATS));
            compareDistribution(name, next, numbers(recorded.get("log_probs")));
            compareCandidates(name, beam, recorded.get("candidates"));
        }
    }

    @Test
    void everyByteOfADocumentGetsTheRecordedLogZ() throws IOException {
        List<JsonNode> documents = read("documents.jsonl");
        assertThat(documents).isNotEmpty();
        for (JsonNode document : documents) {
            byte[] text = bytes(document.get("text"));
            double[] expected = numbers(document.get("log_z_after_each_byte"));
            Beam beam = Beam.initial(vocabulary.bosToken(), params(document));
            for (int i = 0; i < text.length; i++) {
                beam = beam.prune().advance(text, i).run(new ServiceAnswers(service));
                assertThat(beam.logZ()).as("byte " + i).isCloseTo(expected[i], within(LOG_Z_TOLERANCE_NATS));
            }
        }
    }

    private static void compareDistribution(String name, NextByteDistribution next, double[] expected) {
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            String what = name + " symbol " + symbol;
            if (expected[symbol] == Double.NEGATIVE_INFINITY) {
                assertThat(next.logProb(symbol)).as(what).isEqualTo(Double.NEGATIVE_INFINITY);
            } else if (expected[symbol] > LOWEST_COMPARED_NATS) {
                assertThat(next.logProb(symbol)).as(what).isCloseTo(expected[symbol], within(LOG_PROB_TOLERANCE_NATS));
            }
        }
    }

    private static void compareCandidates(String name, Beam beam, JsonNode expected) {
        assertThat(beam.hypotheses()).as(name).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            Hypothesis hypothesis = beam.hypotheses().get(i);
            JsonNode candidate = expected.get(i);
            int[] tokens = StreamSupport.stream(candidate.get("tokens").spliterator(), false)
                    .mapToInt(JsonNode::asInt)
                    .toArray();
            assertThat(hypothesis.context().tokens()).as(name).isEqualTo(tokens);
            assertThat(hypothesis.partial()).as(name).isEqualTo(bytes(candidate.get("partial")));
            assertThat(hypothesis.logWeight())
                    .as(name)
                    .isCloseTo(number(candidate.get("weight")), within(LOG_Z_TOLERANCE_NATS));
        }
    }

    private static BeamParams params(JsonNode recorded) {
        JsonNode eosTokens = recorded.path("eos_tokens");
        int[] ids = StreamSupport.stream(eosTokens.spliterator(), false)
                .flatMapToInt(token -> Arrays.stream(vocabulary.idsOf(bytes(token))))
                .toArray();
        return new BeamParams(
                recorded.get("K").asInt(),
                recorded.get("prune_threshold").asDouble(),
                ids,
                true,
                BeamParams.UNLIMITED,
                BeamParams.UNLIMITED);
    }

    private static List<JsonNode> read(String file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (InputStream in = BundledModelConformanceTest.class.getResourceAsStream("/tiny-en-reference/" + file)) {
            if (in == null) {
                throw new IOException("no test resource tiny-en-reference/" + file);
            }
            String lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<JsonNode> cases = new java.util.ArrayList<>();
            for (String line : lines.split("\n")) {
                cases.add(json.readTree(line));
            }
            return cases;
        }
    }
}
