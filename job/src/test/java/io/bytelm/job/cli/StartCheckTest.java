package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.EngineSettings;
import io.bytelm.job.JobModel;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.UserException;
import io.bytelm.job.check.CheckLine;
import io.bytelm.job.check.CheckLine.Verdict;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canonical tokenizations are looked for before a job starts. */
class StartCheckTest {
    private static final StreamExecutionEnvironment CLUSTER =
            StreamExecutionEnvironment.createRemoteEnvironment("localhost", 1);
    private static final StreamExecutionEnvironment HERE = StreamExecutionEnvironment.createLocalEnvironment();

    @TempDir
    private Path directory;

    private static JobModel model(Path directory) {
        EngineSettings engine = new EngineSettings("cpu", 0, 0, 0, 1L << 20, Precision.FLOAT32);
        return new ModelSettings(directory.toString(), engine, ServiceSettings.defaults());
    }

    /** The bundled one, with a pretokenizer that is not followed. */
    private JobModel notFollowed() throws IOException {
        for (String file : List.of("config.json", "model.safetensors", "tokenizer_config.json")) {
            Files.copy(BundledModel.directory().resolve(file), directory.resolve(file));
        }
        String tokenizer = Files.readString(BundledModel.directory().resolve("tokenizer.json"));
        String followed = "\"pre_tokenizer\": {\"type\": \"ByteLevel\"";
        assertThat(tokenizer).contains(followed);
        Files.writeString(
                directory.resolve("tokenizer.json"),
                tokenizer.replace(
                        followed,
                        "\"pre_tokenizer\": {\"type\": \"Split\", \"behavior\": \"Isolated\", \"pattern\": {\"Regex\":"
                                + " \"(?<=a)b\"}"));
        return model(directory);
    }

    @Test
    void aModelThatOffersThemHasALineForIt() {
        JobModel bundled = model(BundledModel.directory());

        assertThat(StartCheck.lines(bundled, SessionDefaults.STANDARD, true))
                .extracting(CheckLine::what)
                .containsExactly("model", "canonical tokenizations");
        assertThat(StartCheck.lines(bundled, SessionDefaults.STANDARD, false)).hasSize(1);
        assertThatCode(() -> StartCheck.requireCanonicalTokenizations(CLUSTER, List.of(bundled)))
                .doesNotThrowAnyException();
    }

    @Test
    void aModelThatDoesNotIsRefusedBeforeAnythingIsSubmitted() throws IOException {
        JobModel model = notFollowed();

        assertThat(StartCheck.lines(model, SessionDefaults.STANDARD, true)
                        .get(1)
                        .verdict())
                .isEqualTo(Verdict.REFUSED);
        assertThatThrownBy(() -> StartCheck.requireCanonicalTokenizations(CLUSTER, List.of(model)))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("canonical tokenizations: ")
                .hasMessageContaining("pretokenizer Split");
        assertThatCode(() -> StartCheck.requireCanonicalTokenizations(HERE, List.of(model)))
                .as("it says so itself when it has opened the model")
                .doesNotThrowAnyException();
    }

    @Test
    void aModelThatIsNotThereIsOneFinding() {
        assertThat(StartCheck.lines(model(directory.resolve("none")), SessionDefaults.STANDARD, true))
                .singleElement()
                .matches(CheckLine::isFinding);
    }
}
