package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every family and variant gives the numbers of Hugging Face transformers 5.24 (PyTorch 2.15, float32, eager attention):
 * within and beyond sliding windows, alone and in ragged batches, with states kept, shared, dropped and computed again.
 */
class FamilyRecordingsTest {
    @TempDir
    Path directory;

    static List<String> names() {
        return FamilyRecording.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void logProbabilitiesAreThoseOfTransformers(String name) throws IOException {
        FamilyRecording recording = FamilyRecording.named(name);
        assertMatches(recording, recording.config());
    }

    static List<String> namesWithLegacy() {
        return names().stream()
                .filter(name -> FamilyRecording.named(name).hasLegacy())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("namesWithLegacy")
    void theConfigurationOfTransformers4SaysTheSame(String name) throws IOException {
        FamilyRecording recording = FamilyRecording.named(name);
        assertMatches(recording, recording.legacy());
    }

    private void assertMatches(FamilyRecording recording, ObjectNode config) throws IOException {
        recording.checkpoint(config).write(directory, StoredType.F32);
        List<TokenContext> contexts = recording.contexts();
        double[][] expected = recording.logProbs();
        double worst = 0;
        try (DjlLanguageModel model =
                DjlLanguageModel.open(DjlModelSettings.of(directory).withThreads(1))) {
            for (int i = 0; i < expected.length; i++) {
                if (contexts.get(i).length() <= model.window().maxTokens()) {
                    float[] row = model.nextTokenProbabilities(List.of(contexts.get(i)))[0];
                    worst = Math.max(worst, BundledModelRecording.maxDifference(row, expected[i]));
                }
            }
        }
        assertThat(worst).as(recording.name()).isLessThan(recording.roundingNats());
    }

    @ParameterizedTest
    @MethodSource("names")
    void forksInRaggedBatchesAndAfterEvictionAreWhatEachIsByItself(String name) throws IOException {
        FamilyRecording recording = FamilyRecording.named(name);
        recording.checkpoint(recording.config()).write(directory, StoredType.F32);
        DjlModelSettings settings = DjlModelSettings.of(directory);
        long bytesPerToken = KeyValueStore.bytesPerSlot(ModelConfig.read(directory), StatePrecision.FLOAT32);
        long seed = new Random().nextLong();
        try (DjlLanguageModel alone = DjlLanguageModel.open(settings.withCacheBytes(0));
                DjlLanguageModel kept = DjlLanguageModel.open(settings);
                DjlLanguageModel evicting = DjlLanguageModel.open(settings.withCacheBytes(200 * bytesPerToken))) {
            List<TokenContext> contexts =
                    forks(recording, new Random(seed), alone.window().maxTokens());
            for (DjlLanguageModel model : List.of(kept, evicting)) {
                float[][] rows = model.nextTokenProbabilities(contexts);
                for (int i = 0; i < rows.length; i++) {
                    float[] expected = alone.nextTokenProbabilities(List.of(contexts.get(i)))[0];
                    assertThat(BundledModelRecording.maxDifference(rows[i], BundledModelRecording.logs(expected)))
                            .as(
                                    "%s, seed %d, context of %d",
                                    name, seed, contexts.get(i).length())
                            .isLessThan(recording.roundingNats());
                }
            }
        }
    }

    /** Beginnings of the text with other endings, in any order. */
    private static List<TokenContext> forks(FamilyRecording recording, Random random, int maxTokens) {
        List<TokenContext> from = recording.contexts();
        List<TokenContext> contexts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            TokenContext context = from.get(1 + random.nextInt(2));
            for (int more = random.nextInt(40); more > 0 && context.length() < maxTokens; more--) {
                context = context.plus(random.nextInt(61));
            }
            contexts.add(context);
        }
        Collections.shuffle(contexts, random);
        return contexts;
    }
}
