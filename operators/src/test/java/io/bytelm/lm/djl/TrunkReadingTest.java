package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Long texts that grow side by side, whose rows read trunks, have the numbers of each text by itself. */
class TrunkReadingTest {
    private static final double ROUNDED_NATS = 0.01;

    /** So few that texts of this length have several trunks, which are joined as they grow. */
    private static final int LEAST_TOKENS = 64;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "llama-linear, FLOAT32",
        "llama-linear, BFLOAT16",
        "llama-linear, INT8",
        "qwen3, FLOAT32",
        "gpt2-flags, FLOAT32",
        "falcon, FLOAT32",
        "olmo2, FLOAT32",
        "gemma, FLOAT32",
        "qwen2-moe, FLOAT32"
    })
    void rowsThatReadTrunksAreThoseOfEachTextByItself(String name, StatePrecision states) throws IOException {
        FamilyRecording recording = FamilyRecording.named(name);
        recording.checkpoint(recording.config()).write(directory, StoredType.F32);
        DjlModelSettings settings = DjlModelSettings.of(directory).withStatePrecision(states);
        long bytesPerToken = KeyValueStore.bytesPerSlot(ModelConfig.read(directory), states);
        double nats = states == StatePrecision.FLOAT32 ? recording.roundingNats() : ROUNDED_NATS;
        long seed = new Random().nextLong();
        try (DjlLanguageModel alone = DjlLanguageModel.open(settings.withCacheBytes(0));
                DjlLanguageModel kept = DjlLanguageModel.open(settings, LEAST_TOKENS);
                DjlLanguageModel evicting =
                        DjlLanguageModel.open(settings.withCacheBytes(2_400 * bytesPerToken), LEAST_TOKENS)) {
            List<TokenContext> texts =
                    new ArrayList<>(List.of(TokenContext.of(1), TokenContext.of(2), TokenContext.of(3)));
            Random random = new Random(seed);
            for (int step = 0; step < 16; step++) {
                texts.replaceAll(text -> grown(text, random));
                List<TokenContext> contexts = forks(texts, random);
                List<float[][]> read =
                        List.of(kept.nextTokenProbabilities(contexts), evicting.nextTokenProbabilities(contexts));
                for (int i = step % 3; i < contexts.size() && step > 8; i += 3) {
                    double[] expected =
                            BundledModelRecording.logs(alone.nextTokenProbabilities(contexts.subList(i, i + 1))[0]);
                    for (float[][] rows : read) {
                        assertThat(BundledModelRecording.maxDifference(rows[i], expected))
                                .as(
                                        "%s, seed %d, context of %d",
                                        name, seed, contexts.get(i).length())
                                .isLessThan(nats);
                    }
                }
            }
            assertThat(kept.statistics().trunkTokens()).as("seed %d", seed).isGreaterThan(3 * 512);
            assertThat(evicting.statistics().trunkTokens()).as("seed %d", seed).isPositive();
        }
    }

    private static TokenContext grown(TokenContext text, Random random) {
        TokenContext grown = text;
        for (int more = 48 + random.nextInt(12); more > 0; more--) {
            grown = grown.plus(random.nextInt(61));
        }
        return grown;
    }

    /** Two rows of each text, and one that leaves it somewhere before its end. */
    private static List<TokenContext> forks(List<TokenContext> texts, Random random) {
        List<TokenContext> rows = new ArrayList<>();
        for (TokenContext text : texts) {
            TokenContext before = text;
            for (int fewer = random.nextInt(text.length()); fewer > 0 && before.parent() != null; fewer--) {
                before = before.parent();
            }
            rows.addAll(List.of(text.plus(4), text.plus(5), before.plus(6)));
        }
        return rows;
    }
}
