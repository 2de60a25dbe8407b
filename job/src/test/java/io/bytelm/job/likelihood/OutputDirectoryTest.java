package io.bytelm.job.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.ModelFingerprint;
import io.bytelm.job.UserException;
import io.bytelm.job.likelihood.document.InputFile;
import io.bytelm.job.likelihood.ownership.TakenOverException;
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

    @Test
    void theInputThatHasChangedIsNamed() {
        InputFile same = new InputFile("file:/in/a.txt", 10, 1_000);
        InputFile before = new InputFile("file:/in/b.txt", 20, 2_000);
        begin(Map.of("in", "2 files"), List.of(same, before));

        requireRefusal(
                "file:/in/b.txt has changed: then 20 bytes of 1970-01-01T00:00:02Z, now 21 bytes of"
                        + " 1970-01-01T00:00:02Z",
                same,
                new InputFile("file:/in/b.txt", 21, 2_000));
        requireRefusal("file:/in/b.txt is not there any more", same);
        requireRefusal("file:/in/c d.txt was not there then", same, before, new InputFile("file:/in/c d.txt", 1, 1));
    }

    private void requireRefusal(String said, InputFile... now) {
        assertThatThrownBy(() -> begin(Map.of("in", "other files"), List.of(now)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("another --in (then 2 files, now other files; " + said + ")");
    }

    @Test
    void whoIsTakenOverPublishesNothing() throws IOException {
        String out = FaultyFileSystemFactory.path(directory.resolve("out")).toString();
        try (OutputDirectory first = OutputDirectory.open(out);
                OutputDirectory second = OutputDirectory.open(out)) {
            first.claim(true);
            first.write(first.unfinished("scores.jsonl"), Map.of("by", "the first"));
            second.claim(true);
            second.write(second.unfinished("scores.jsonl"), Map.of("by", "the second"));

            assertThatThrownBy(() -> first.appear(first.unfinished("scores.jsonl"), first.file("scores.jsonl")))
                    .isInstanceOf(TakenOverException.class);
            assertThatThrownBy(first::forgetState).isInstanceOf(TakenOverException.class);
            second.appear(second.unfinished("scores.jsonl"), second.file("scores.jsonl"));
            assertThat(second.read(second.file("scores.jsonl")).path("by").asText())
                    .isEqualTo("the second");
        }
    }

    private void begin(Map<String, String> settings) {
        begin(settings, List.of());
    }

    private void begin(Map<String, String> settings, List<InputFile> files) {
        try (OutputDirectory output =
                OutputDirectory.open(directory.resolve("out").toString())) {
            output.begin(settings, files);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
