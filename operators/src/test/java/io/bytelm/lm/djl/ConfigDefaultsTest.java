package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.checkpoint.Attention;
import io.bytelm.lm.checkpoint.Experts;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.RotaryEmbedding;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a configuration leaves out is what transformers 5.24 takes for it, as {@code src/test/python/config_defaults.py}
 * recorded it.
 */
class ConfigDefaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    static List<String> architectures() {
        return defaults().properties().stream().map(entry -> entry.getKey()).toList();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void aConfigurationThatSaysNothingIsTheDefaultModelOfTransformers(String architecture) throws IOException {
        JsonNode expected = defaults().get(architecture);
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add(architecture);
        config.set("model_type", expected.get("model_type"));
        ObjectNode described = described(read(config), expected);
        described.set("model_type", expected.get("model_type"));
        assertThat(JSON.readTree(described.toString())).isEqualTo(expected);
    }

    @Test
    void theTextPartOfAModelThatSeesImagesHasItsOwnDefaults() throws IOException {
        ObjectNode gemma = JSON.createObjectNode();
        gemma.putArray("architectures").add("Gemma3ForConditionalGeneration");
        gemma.putObject("text_config").put("hidden_size", 2560).put("num_hidden_layers", 34);
        ModelConfig config = read(gemma);
        assertThat(List.of(
                        config.hiddenSize(), config.layers(), config.heads(), config.keyValueHeads(), config.headDim()))
                .containsExactly(2560, 34, 8, 4, 256);
        gemma.remove("text_config");
        assertThatThrownBy(() -> read(gemma))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("'text_config' is missing");
    }

    @Test
    void sizesThatWereLeftOutAreSaidWithTheModelAndWithRefusals() throws IOException {
        FamilyRecording recording = FamilyRecording.named("gemma3-defaults");
        recording.checkpoint(recording.config()).write(directory, StoredType.F32);
        assertThat(ModelConfig.read(directory).filledIn())
                .containsEntry("text_config.num_attention_heads", 8)
                .containsEntry("text_config.head_dim", 256)
                .doesNotContainKey("text_config.hidden_size");
        ObjectNode llama = FamilyRecording.named("llama-linear").config();
        llama.remove(List.of("num_attention_heads", "head_dim"));
        llama.put("hidden_size", 36);
        assertThatThrownBy(() -> read(llama))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("'hidden_size' is 36, no multiple of the 32 heads")
                .hasMessageEndingWith(
                        "; left out of config.json, and so transformers' default: 'num_attention_heads' 32");
    }

    @Test
    void nullIsNoDefault() {
        ObjectNode llama = FamilyRecording.named("llama-linear").config().putNull("num_hidden_layers");
        assertThatThrownBy(() -> read(llama))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the key 'num_hidden_layers' is missing");
    }

    private ModelConfig read(ObjectNode config) throws IOException {
        Files.writeString(directory.resolve("config.json"), config.toString());
        return ModelConfig.read(directory);
    }

    /** The recording's keys, as the description has them. */
    private static ObjectNode described(ModelConfig config, JsonNode expected) {
        ObjectNode described = JSON.createObjectNode()
                .put("vocab_size", config.vocabularySize())
                .put("hidden_size", config.hiddenSize())
                .put("layers", config.layers())
                .put("heads", config.heads())
                .put("key_value_heads", config.keyValueHeads())
                .put("head_dim", config.headDim())
                .put("feed_forward_size", config.feedForwardSize());
        if (expected.has("max_positions")) { // Bloom's configuration does not end
            described.put("max_positions", config.maxPositions());
        }
        if (expected.has("norm_epsilon")) { // OPT's is not in its configuration
            described.put("norm_epsilon", config.normEpsilon());
        }
        described.put("tied", config.tiedEmbeddings());
        Attention attention = config.attention();
        ArrayNode windows = described.putArray("windows");
        attention.layers().forEach(layer -> windows.add(layer.slides() ? attention.window() : 0));
        if (!attention.rotaries().isEmpty()) {
            RotaryEmbedding full = attention.rotaries().get(0);
            described.putArray("rope").add(full.theta()).add(full.dimensions());
        }
        Experts experts = config.feedForward().experts();
        if (experts != null) {
            described.put("experts", experts.count()).put("chosen", experts.chosen());
            config.weights().layers().stream()
                    .flatMap(layer -> Stream.ofNullable(layer.experts()))
                    .findFirst()
                    .ifPresent(stored ->
                            described.put("expert_size", stored.out().get(0).inputs()));
        }
        return described;
    }

    private static JsonNode defaults() {
        try {
            return JSON.readTree(
                    Objects.requireNonNull(ConfigDefaultsTest.class.getResource("/random-models/defaults.json")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
