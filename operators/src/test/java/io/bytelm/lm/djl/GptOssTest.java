package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How gpt-oss is stored and configured, beside what {@link FamilyRecordingsTest} compares. */
class GptOssTest {
    private static final double NATS = 1e-4;

    @TempDir
    Path directory;

    @Test
    void blocksMayLieInOtherFilesThanTheirScales() throws IOException {
        FamilyRecording recording = FamilyRecording.named("gpt-oss-mxfp4");
        Map<String, long[]> shapes = new LinkedHashMap<>();
        recording.shapes().forEach((name, shape) -> {
            if (!name.endsWith("_scales")) {
                shapes.put(name, shape);
            }
        });
        recording.shapes().forEach(shapes::putIfAbsent);
        new RandomCheckpoint(recording.config(), shapes).writeSharded(directory, StoredType.F32);
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory))) {
            float[] row =
                    model.nextTokenProbabilities(List.of(recording.contexts().get(1)))[0];
            assertThat(BundledModelRecording.maxDifference(row, recording.logProbs()[1]))
                    .isLessThan(NATS);
        }
    }

    @Test
    void weightsThatAreNotPackedThoughTheConfigurationSaysSoAreNamed() throws IOException {
        FamilyRecording recording = FamilyRecording.named("gpt-oss");
        ObjectNode config = recording.config();
        config.putObject("quantization_config").put("quant_method", "mxfp4");
        assertRefused(
                recording.checkpoint(config),
                "no tensor 'model.layers.0.mlp.experts.gate_up_proj_blocks' of type U8 with scales");
    }

    @Test
    void weightsThatArePackedThoughTheConfigurationDoesNotSaySoAreNamed() throws IOException {
        FamilyRecording recording = FamilyRecording.named("gpt-oss-mxfp4");
        ObjectNode config = recording.config();
        config.remove("quantization_config");
        assertRefused(recording.checkpoint(config), "no tensor 'model.layers.0.mlp.experts.gate_up_proj' of type F32");
    }

    @Test
    void blocksWithoutScalesAreNamedWithTheirType() throws IOException {
        FamilyRecording recording = FamilyRecording.named("gpt-oss-mxfp4");
        Map<String, long[]> shapes = recording.shapes();
        shapes.remove("model.layers.2.mlp.experts.down_proj_scales");
        assertRefused(
                new RandomCheckpoint(recording.config(), shapes),
                "tensor 'model.layers.2.mlp.experts.down_proj_blocks' is of type U8");
    }

    @Test
    void blocksOfAnotherWidthAreNamedWithTheNumbersThatTheyHold() throws IOException {
        FamilyRecording recording = FamilyRecording.named("gpt-oss-mxfp4");
        String name = "model.layers.0.mlp.experts.gate_up_proj";
        assertRefused(
                recording.checkpointWith(
                        Map.of(name + "_blocks", new long[] {5, 192, 1, 16}, name + "_scales", new long[] {5, 192, 1})),
                name + "_blocks': expected shape [5, 192, 64] from config.json, found [5, 192, 32]");
    }

    @Test
    void whereNothingIsSaidOfRotationItIsTheUsualYarn() throws IOException {
        FamilyRecording recording = FamilyRecording.named("gpt-oss");
        ObjectNode said = recording.config();
        said.putObject("rope_parameters")
                .put("rope_type", "yarn")
                .put("rope_theta", 150_000)
                .put("factor", 32)
                .put("beta_fast", 32)
                .put("beta_slow", 1)
                .put("truncate", false)
                .put("original_max_position_embeddings", 4096);
        ObjectNode unsaid = recording.config();
        unsaid.remove("rope_parameters");
        ObjectNode based = unsaid.deepCopy().put("rope_theta", 10_000);
        based.putNull("rope_scaling");
        assertThat(described(recording, unsaid))
                .isEqualTo(described(recording, said))
                .isNotEqualTo(described(recording, recording.config()))
                .isNotEqualTo(described(recording, based));
    }

    private String described(FamilyRecording recording, ObjectNode config) throws IOException {
        recording.checkpoint(config).write(directory, StoredType.F32);
        return ModelConfig.read(directory).attention().toString();
    }

    private void assertRefused(RandomCheckpoint checkpoint, String message) throws IOException {
        checkpoint.write(directory, StoredType.F32);
        assertThatThrownBy(() ->
                        DjlLanguageModel.open(DjlModelSettings.of(directory)).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }
}
