package io.bytelm.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.RandomCheckpoint;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole path from a model's directory to distributions of bytes, with a beam that drops nothing, against the sums over all
 * tokenizations that {@code src/test/python/byte_distributions.py} took of transformers' probabilities.
 */
class RandomModelBytesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NATS = 1e-4;
    private static final BeamParams EXACT = BeamParams.of(10_000, 0);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"llama-linear", "gpt-neox", "gemma3", "qwen3"})
    void aBeamThatDropsNothingGivesTheSumsOverAllTokenizations(String name) throws IOException {
        JsonNode recorded = read("/random-models/bytes.json");
        RandomCheckpoint.recorded(read("/random-models/families/" + name + ".json"))
                .write(directory, StoredType.F32);
        Files.writeString(
                directory.resolve("tokenizer.json"), recorded.get("tokenizer").toString());
        Files.writeString(
                directory.resolve("tokenizer_config.json"), "{\"tokenizer_class\":\"PreTrainedTokenizerFast\"}");
        Vocabulary vocabulary = VocabularyReader.fromModelDirectory(directory);
        DjlModelSettings settings = DjlModelSettings.of(directory).withThreads(1);
        try (EmbeddedTrieLmService service = EmbeddedTrieLmService.open(
                vocabulary, order -> DjlLanguageModel.open(settings, order), ServiceSettings.defaults())) {
            for (Map.Entry<String, JsonNode> prefix :
                    recorded.get("models").get(name).properties()) {
                NextByteDistribution next = Beam.initial(vocabulary.bosToken(), EXACT)
                        .prefill(HexFormat.of().parseHex(prefix.getKey()))
                        .run(new ServiceAnswers(service))
                        .nextByte()
                        .run(new ServiceAnswers(service));
                compare(name + " after " + prefix.getKey(), next, prefix.getValue());
            }
        }
    }

    private static void compare(String name, NextByteDistribution next, JsonNode expected) {
        assertThat(expected).isNotEmpty();
        for (int symbol = 0; symbol < 256; symbol++) {
            JsonNode logProb = expected.get("%02x".formatted(symbol));
            if (logProb == null) {
                assertThat(next.logProb(symbol)).as(name + ": " + symbol).isEqualTo(Double.NEGATIVE_INFINITY);
            } else {
                assertThat(next.logProb(symbol)).as(name + ": " + symbol).isCloseTo(logProb.asDouble(), within(NATS));
            }
        }
    }

    private static JsonNode read(String resource) throws IOException {
        return JSON.readTree(Objects.requireNonNull(RandomModelBytesTest.class.getResource(resource), resource));
    }
}
