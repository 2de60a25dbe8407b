package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.checkpoint.ModelLocation;
import io.bytelm.lm.checkpoint.ModelSummary;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** By headers alone a model is accepted, or refused, as it is when it is loaded. */
class ModelSummaryTest {
    private static final List<String> VISION_MODULES = List.of("model.vision_tower.encoder.layers.0.self_attn.q_proj");

    @TempDir
    Path directory;

    static List<String> names() {
        return FamilyRecording.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyModelThatIsLoadedIsAccepted(String name) throws IOException {
        FamilyRecording recording = FamilyRecording.named(name);
        recording.checkpoint(recording.config()).write(directory, StoredType.F32);
        ModelSummary summary = ModelSummary.read(ModelLocation.of(directory));
        assertThat(summary.architecture())
                .isEqualTo(recording.config().path("architectures").path(0).asText());
        assertThat(summary.values()).isEqualTo(recording.values());
        assertThat(summary.adapter()).isNull();
        assertThat(summary.ignoredKeys())
                .contains("transformers_version")
                .doesNotContain("vocab_size", "architectures");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aTensorThatIsLeftOrMisshapedIsNamed(String name) throws IOException {
        FamilyRecording recording = FamilyRecording.named(name);
        recording
                .checkpointWith(Map.of("model.layers.0.router.weight", new long[] {4, 4}))
                .write(directory, StoredType.F32);
        assertThatThrownBy(() -> ModelSummary.read(ModelLocation.of(directory)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("such as 'model.layers.0.router.weight'");
        String global = recording.globalTensor();
        recording.checkpointWith(Map.of(global, new long[] {5})).write(directory, StoredType.F32);
        assertThatThrownBy(() -> ModelSummary.read(ModelLocation.of(directory)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tensor '" + global + "': expected shape [");
    }

    static List<String> adapters() {
        return FamilyRecording.names(FamilyRecording.ADAPTERS);
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void whatAnAdapterChangesIsCounted(String name) throws IOException {
        FamilyRecording recording = FamilyRecording.named(FamilyRecording.ADAPTERS, name);
        recording.checkpoint(recording.config()).write(directory, StoredType.F32);
        recording.adapter(recording.adapterConfig()).writeAdapter(directory);
        ModelSummary.MergedAdapter adapter = Objects.requireNonNull(
                ModelSummary.read(ModelLocation.of(directory)).adapter());
        assertThat(adapter.base()).isEqualTo("org/base");
        assertThat(adapter.directory()).isEqualTo(directory);
        assertThat(adapter.changed()).isPositive();
        assertThat(adapter.ignored()).isEqualTo(name.equals("gemma3-multimodal") ? VISION_MODULES : List.of());
    }

    @Test
    void anOutputLayerThatIsStoredThoughItIsTiedIsSeen() throws IOException {
        FamilyRecording recording = FamilyRecording.named("llama-linear");
        recording
                .checkpoint(recording.config().put("tie_word_embeddings", true))
                .write(directory, StoredType.F32);
        assertThat(ModelSummary.read(ModelLocation.of(directory)).storedHead()).isTrue();
    }
}
