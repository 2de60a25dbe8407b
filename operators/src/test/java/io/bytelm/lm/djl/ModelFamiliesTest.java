package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tiny models with weights from a formula, of every family. The files under {@code random-models} hold what Hugging Face
 * transformers 5.23 (PyTorch 2.15, float32, eager attention) computes from the same weights.
 */
class ModelFamiliesTest {
    private static final double NATS = 1e-4;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-biased", "llama3", "mistral", "qwen2", "gpt2"})
    void logProbabilitiesAreThoseOfTransformers(String name) throws IOException {
        JsonNode golden = golden(name);
        new RandomCheckpoint((ObjectNode) golden.get("config")).write(directory, StoredType.F32);
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory))) {
            for (JsonNode one : golden.get("cases")) {
                int[] tokens = JSON.convertValue(one.get("context"), int[].class);
                double[] expected = JSON.convertValue(one.get("logp"), double[].class);
                float[] row = model.nextTokenProbabilities(List.of(TokenContext.of(tokens)))[0];
                assertThat(BundledModelRecording.maxDifference(row, expected)).isLessThan(NATS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-biased", "llama3", "mistral", "qwen2", "gpt2"})
    void aRaggedBatchOfForksMatchesTheOpByOpOracle(String name) throws IOException {
        RandomCheckpoint checkpoint =
                new RandomCheckpoint((ObjectNode) golden(name).get("config"));
        checkpoint.write(directory, StoredType.F32);
        List<TokenContext> contexts = forks(new Random(11), 12);
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory));
                NdArrayOracle oracle =
                        new NdArrayOracle(ModelConfig.read(directory), checkpoint.config(), checkpoint::values)) {
            float[][] rows = model.nextTokenProbabilities(contexts);
            for (int i = 0; i < rows.length; i++) {
                double[] expected = oracle.logProbs(contexts.get(i).tokens());
                assertThat(BundledModelRecording.maxDifference(rows[i], expected))
                        .isLessThan(NATS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(StoredType.class)
    void everyStoredTypeIsWidenedWithoutLoss(StoredType type) throws IOException {
        RandomCheckpoint checkpoint =
                new RandomCheckpoint((ObjectNode) golden("llama3").get("config"));
        checkpoint.writeSharded(directory, type);
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory));
                NdArrayOracle oracle = new NdArrayOracle(
                        ModelConfig.read(directory),
                        checkpoint.config(),
                        name -> truncated(checkpoint.values(name), type))) {
            float[] row = model.nextTokenProbabilities(List.of(TokenContext.of(3, 1, 4, 1, 5)))[0];
            assertThat(BundledModelRecording.maxDifference(row, oracle.logProbs(3, 1, 4, 1, 5)))
                    .isLessThan(NATS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "transformer."})
    void gpt2CheckpointsComeWithAndWithoutThePrefix(String takenOff) throws IOException {
        JsonNode golden = golden("gpt2");
        new RandomCheckpoint((ObjectNode) golden.get("config")).writeWithoutPrefix(directory, StoredType.F32, takenOff);
        JsonNode longest = golden.get("cases").get(2);
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory))) {
            int[] tokens = JSON.convertValue(longest.get("context"), int[].class);
            float[] row = model.nextTokenProbabilities(List.of(TokenContext.of(tokens)))[0];
            assertThat(BundledModelRecording.maxDifference(row, JSON.convertValue(longest.get("logp"), double[].class)))
                    .isLessThan(NATS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, DjlModelSettings.HALF_OF_CONTEXT})
    void beyondTheWindowTheOldestTokensFallOut(int stride) throws IOException {
        JsonNode golden = golden("qwen2");
        new RandomCheckpoint((ObjectNode) golden.get("config")).write(directory, StoredType.F32);
        TokenContext all = TokenContext.of(new Random(2).ints(23, 0, 61).toArray());
        DjlModelSettings settings = DjlModelSettings.of(directory);
        try (DjlLanguageModel model = DjlLanguageModel.open(settings.withContext(10, stride));
                DjlLanguageModel unbounded = DjlLanguageModel.open(settings)) {
            int kept = stride == 1 ? 10 : 23 - 15;
            TokenContext visible = TokenContext.of(all.lastTokens(kept));
            float[] row = model.nextTokenProbabilities(List.of(all))[0];
            float[] expected = unbounded.nextTokenProbabilities(List.of(visible))[0];
            assertThat(BundledModelRecording.maxDifference(row, BundledModelRecording.logs(expected)))
                    .isLessThan(NATS);
        }
    }

    private static List<TokenContext> forks(Random random, int count) {
        List<TokenContext> contexts = new ArrayList<>(List.of(TokenContext.startingWith(0)));
        while (contexts.size() < count) {
            TokenContext from = contexts.get(random.nextInt(contexts.size()));
            for (int i = random.nextInt(12); i >= 0 && from.length() < 31; i--) {
                from = from.plus(random.nextInt(61));
            }
            contexts.add(from);
        }
        return contexts;
    }

    private static float[] truncated(float[] values, StoredType type) {
        int droppedBits = type == StoredType.F32 ? 0 : type == StoredType.F16 ? 13 : 16;
        float[] kept = new float[values.length];
        IntStream.range(0, values.length)
                .forEach(i -> kept[i] =
                        Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) >> droppedBits << droppedBits));
        return kept;
    }

    private static JsonNode golden(String name) throws IOException {
        return JSON.readTree(
                Objects.requireNonNull(ModelFamiliesTest.class.getResource("/random-models/" + name + ".json")));
    }
}
