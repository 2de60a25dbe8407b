package io.bytelm.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.likelihood.ByteModel;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.djl.Precision;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TrieLmService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a TaskManager makes of a model that is not there, is another one, or cannot be read just now. */
class ClusterModelTest {
    @TempDir
    private Path directory;

    private static ModelSettings model(Path place) {
        return new ModelSettings(
                place.toString(),
                new EngineSettings("cpu", 1, 0, 0, 1 << 20, Precision.FLOAT32),
                new ServiceSettings(8, 0, 1 << 20, 1).withoutSpeculation());
    }

    private Path copyOfBundled() throws IOException {
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(BundledModel.directory().resolve(file), directory.resolve(file));
        }
        return directory;
    }

    private static ClusterModel clusterModel(Path place, Map<String, String> identity) {
        return new ClusterModel(model(place), Duration.ZERO, identity);
    }

    @Test
    void theSameModelIsOpened() throws IOException {
        Path place = copyOfBundled();

        try (TrieLmService opened =
                clusterModel(place, model(place).look().identity()).open()) {
            assertThat(opened.identity().items())
                    .containsAllEntriesOf(model(place).look().identity());
        }
    }

    @Test
    void anAdapterIsPartOfTheModel() throws IOException {
        ModelSettings plain = model(ByteModel.write(directory.resolve("bytes")));
        Path adapter = ByteModel.writeAdapter(directory.resolve("adapter"));
        ModelSettings adapted =
                new ModelSettings(plain.directory(), adapter.toString(), plain.engineSettings(), plain.service(), null);

        assertThat(adapted.look().identity().get("weights"))
                .isNotEqualTo(plain.look().identity().get("weights"));
        assertThat(adapted.ofResults()).containsAllEntriesOf(plain.ofResults()).containsKey("adapter");
        assertThat(adapted.name()).isEqualTo("bytes with adapter");
        Map<String, String> found = adapted.look().identity();
        new ClusterModel(adapted, Duration.ZERO, found).open().close();
        ByteModel.writeAdapter(directory.resolve("bytes"));
        assertThat(plain.look().identity()).isEqualTo(found);
        assertThatThrownBy(() -> new ClusterModel(adapted, Duration.ZERO, Map.of()).open())
                .isInstanceOf(SuppressRestartsException.class)
                .cause()
                .hasMessageContaining("already")
                .hasMessageEndingWith("(--model, --adapter)");
    }

    @Test
    void aModelThatIsNotThereEndsTheJobWithOneLine() {
        Path absent = directory.resolve("absent");

        assertThatThrownBy(() -> clusterModel(absent, Map.of()).open())
                .isInstanceOf(SuppressRestartsException.class)
                .cause()
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(absent.toString())
                .hasMessageEndingWith(
                        "; the model must lie at the same path on every TaskManager's machine as on that where"
                                + " the job is submitted (--model)")
                .hasMessageNotContaining("\n");
    }

    @Test
    void anotherModelEndsTheJobWithOneLine() throws IOException {
        Path place = copyOfBundled();
        Map<String, String> other = new TreeMap<>(model(place).look().identity());
        other.put("weights", "0123456789abcdef");

        assertThatThrownBy(() -> clusterModel(place, other).open())
                .isInstanceOf(SuppressRestartsException.class)
                .cause()
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("this is another model than where the job was submitted: weights ")
                .hasMessageContaining(" instead of weights 0123456789abcdef")
                .hasMessageContaining("--model");
    }

    @Test
    void aDiskThatFailsIsTriedAgain() throws IOException {
        Path place = copyOfBundled();
        Files.delete(place.resolve("tokenizer.json"));
        Files.createDirectories(place.resolve("tokenizer.json")); // reading it is an error of the file system

        assertThatThrownBy(() -> clusterModel(place, Map.of()).open()).isNotInstanceOf(SuppressRestartsException.class);
    }

    @Test
    void aSubmissionWithAWrongModelIsRefusedWithOneLine() {
        Path absent = directory.resolve("absent");

        assertThatThrownBy(() -> model(absent).look())
                .isInstanceOf(UserException.class)
                .hasMessageContaining(absent.toString())
                .hasMessageContaining("--model");
    }
}
