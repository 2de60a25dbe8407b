package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.CheckpointFingerprint;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.ModelLocation;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tells one model from another: what changes its probabilities, and nothing else. */
class ModelIdentityTest {
    @TempDir
    private Path directory;

    private int written;

    private static ObjectNode config() throws IOException {
        return (ObjectNode) new ObjectMapper()
                .readTree(Objects.requireNonNull(ModelIdentityTest.class.getResource("/random-models/llama3.json")))
                .get("config");
    }

    private Path fresh() throws IOException {
        return Files.createDirectory(directory.resolve("model-" + written++));
    }

    private Path model(ObjectNode config) throws IOException {
        Path model = fresh();
        new RandomCheckpoint(config).write(model, StoredType.F32);
        return model;
    }

    private static ModelIdentity identity(DjlModelSettings settings) {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            return model.identity();
        }
    }

    private static ModelIdentity identity(Path model) {
        return identity(DjlModelSettings.of(model));
    }

    @Test
    void itIsTheSameHoweverTheWeightsLieInFilesAndWhateverElseTheConfigurationSays() throws IOException {
        ModelIdentity first = identity(model(config()));
        Path sharded = fresh();
        new RandomCheckpoint(config().put("transformers_version", "9").put("use_cache", false))
                .writeSharded(sharded, StoredType.F32);
        assertThat(identity(sharded)).isEqualTo(first);
        DjlModelSettings otherwiseRun =
                DjlModelSettings.of(sharded).withThreads(1).withCacheBytes(0);
        assertThat(identity(otherwiseRun)).isEqualTo(first);
        assertThat(first.items()).containsOnlyKeys("weights", "context tokens", "context stride", "precision");
        assertThat(first.items().get("weights")).matches("[0-9a-f]{16}");
    }

    @Test
    void otherWeightsAreAnotherModel() throws IOException {
        ModelIdentity first = identity(model(config()));
        Path trained = model(config());
        Path file = trained.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 1; // of the last tensor's last value
        Files.write(file, bytes);
        assertThat(first.differences(identity(trained))).containsExactly("weights");
    }

    @Test
    void anotherNumberInTheConfigurationIsAnotherModelThoughTheWeightsAreTheSame() throws IOException {
        ModelIdentity first = identity(model(config()));
        assertThat(first.differences(identity(model(config().put("rms_norm_eps", 0.5)))))
                .containsExactly("weights");
        assertThat(first.differences(identity(model(config().put("rope_theta", 77.0)))))
                .containsExactly("weights");
    }

    @Test
    void howMuchIsReadAndHowExactlyItIsComputedCounts() throws IOException {
        Path model = model(config());
        ModelIdentity first = identity(model);
        assertThat(first.differences(identity(DjlModelSettings.of(model).withContext(8, 1))))
                .containsExactly("context tokens");
        assertThat(first.differences(identity(DjlModelSettings.of(model).withContext(8, 2))))
                .containsExactly("context stride", "context tokens");
        assertThat(first.differences(identity(DjlModelSettings.of(model).withPrecision(Precision.BFLOAT16))))
                .containsExactly("precision");
    }

    @Test
    void roundedStatesAreNamedAndWithoutAWordTheyAreNotRounded() throws IOException {
        DjlModelSettings settings = DjlModelSettings.of(model(config()));
        ModelIdentity plain = identity(settings);
        ModelIdentity rounded = identity(settings.withStatePrecision(StatePrecision.INT8));
        assertThat(rounded.items()).containsEntry("state precision", "int8");
        assertThat(plain.items()).doesNotContainKey("state precision");
        assertThat(plain.differences(rounded)).containsExactly("state precision");
        assertThat(rounded.differences(plain)).containsExactly("state precision");
        assertThat(plain.described(List.of("state precision"))).isEqualTo("state precision float32");
        ModelIdentity ofFilesAlone = new ModelIdentity(
                Map.of("weights", Objects.requireNonNull(rounded.items().get("weights"))));
        assertThat(ofFilesAlone.differences(rounded)).isEmpty();
    }

    /** Savepoints name it: a description that learns to say more must say the same of what it described before. */
    @ParameterizedTest
    @CsvSource({
        "cohere2, 8cf04dfa6cf3a98f",
        "falcon-new, 78729ccef5d7ff9d",
        "gemma2, 5d8baeaa0d37ba25",
        "gpt-neox, ac8b4bd636fc7028",
        "olmo3, 3e9b41bb1742d654",
        "opt, 25cd1ddbe8a0c71d",
        "phi, f42795ac8ce98eb2"
    })
    void aFamilyKeepsTheFingerprintThatSavepointsKnow(String recording, String fingerprint) throws IOException {
        FamilyRecording recorded = FamilyRecording.named(recording);
        Path model = fresh();
        recorded.checkpoint(recorded.config()).write(model, StoredType.F32);

        ModelConfig config = ModelConfig.read(model);
        try (Checkpoint checkpoint = Checkpoint.open(new ModelLocation(model, null), config)) {
            assertThat(CheckpointFingerprint.of(checkpoint, config)).isEqualTo(fingerprint);
        }
    }
}
