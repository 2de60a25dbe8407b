package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A model with a LoRA adapter gives the numbers of peft 0.21 (transformers 5.24, PyTorch 2.15, float32, not merged): with the
 * adapter in a directory of its own, and in the model's.
 */
class AdapterRecordingsTest {
    @TempDir
    Path top;

    private Path base;
    private Path adapter;
    private Path both;

    static List<String> names() {
        return FamilyRecording.names(FamilyRecording.ADAPTERS);
    }

    @BeforeEach
    void directories() throws IOException {
        base = Files.createDirectory(top.resolve("base"));
        adapter = Files.createDirectory(top.resolve("adapter"));
        both = Files.createDirectory(top.resolve("both"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void logProbabilitiesAreThoseOfPeft(String name) throws IOException {
        FamilyRecording recording = FamilyRecording.named(FamilyRecording.ADAPTERS, name);
        recording.checkpoint(recording.config()).write(base, StoredType.F32);
        recording.checkpoint(recording.config()).write(both, StoredType.F32);
        recording.adapter(recording.adapterConfig()).writeAdapter(adapter);
        recording.adapter(recording.adapterConfig()).writeAdapter(both);
        ModelIdentity given = assertMatches(
                recording, DjlModelSettings.of(base).withThreads(1).withAdapter(adapter));
        ModelIdentity beside =
                assertMatches(recording, DjlModelSettings.of(both).withThreads(1));
        assertThat(beside).isEqualTo(given);
        try (DjlLanguageModel plain =
                DjlLanguageModel.open(DjlModelSettings.of(base).withThreads(1))) {
            assertThat(plain.identity().differences(given)).containsExactly("weights");
        }
    }

    private static ModelIdentity assertMatches(FamilyRecording recording, DjlModelSettings settings) {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            float[][] rows = model.nextTokenProbabilities(recording.contexts());
            for (int i = 0; i < rows.length; i++) {
                assertThat(BundledModelRecording.maxDifference(
                                rows[i], recording.logProbs()[i]))
                        .as(recording.name())
                        .isLessThan(recording.roundingNats());
            }
            return model.identity();
        }
    }
}
