package io.bytelm.job.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void aModelWithOneWeightChangedDoesNotGoOnWithWhatAnotherBegan() throws IOException {
        Path model = ByteModel.write(directory.resolve("model"));
        begin(Map.of("model", ModelFingerprint.of(model)));
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] = (byte) (bytes[bytes.length - 2] ^ 1);
        Files.write(weights, bytes);

        assertThatThrownBy(() -> begin(Map.of("model", ModelFingerprint.of(model))))
                .isInstanceOf(UserException.class)
                .hasMessageMatching("--out .*/out/? holds an unfinished run with another --model"
                        + " \\(then [0-9a-f]+, now [0-9a-f]+\\); give what was given then, or another --out");
    }

    @Test
    void theSameSettingsGoOn() {
        begin(Map.of("model", "a", "k", "5"));
        begin(Map.of("k", "5", "model", "a"));

        assertThat(directory.resolve("out")).isDirectory();
    }

    @Test
    void everySettingThatDiffersIsNamed() {
        begin(Map.of("k", "5", "prune", "0.05"));

        assertThatThrownBy(() -> begin(Map.of("k", "3", "prune", "0.05", "stride-bytes", "8")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("another --k (then 5, now 3)")
                .hasMessageContaining("another --stride-bytes (then none, now 8)")
                .hasMessageNotContaining("--prune");
    }

    @Test
    void anotherRunOnTheSameDirectoryWaitsItsTurn() throws IOException {
        String out = directory.resolve("out").toString();
        try (OutputDirectory open = OutputDirectory.open(out)) {
            assertThat(open.isBegun()).isFalse();
            assertThatThrownBy(() -> OutputDirectory.open(out))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("another process works on --out " + out);
        }
    }

    private void begin(Map<String, String> settings) {
        try (OutputDirectory output =
                OutputDirectory.open(directory.resolve("out").toString())) {
            output.begin(settings, List.of());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
