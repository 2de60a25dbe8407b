package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache saves time and changes nothing. */
class CachedEvaluationTest {
    private static final double NATS = 1e-4;
    private static final int VOCABULARY = 61;

    @TempDir
    static Path directory;

    private static DjlModelSettings settings = DjlModelSettings.of(Path.of(""));
    private static long bytesPerToken;

    @BeforeAll
    static void writeModel() throws IOException {
        ObjectNode config = (ObjectNode) new ObjectMapper()
                .readTree(Objects.requireNonNull(CachedEvaluationTest.class.getResource("/random-models/llama3.json")))
                .get("config");
        new RandomCheckpoint(config).write(directory, StoredType.F32);
        settings = DjlModelSettings.of(directory);
        bytesPerToken = KeyValueStore.bytesPerSlot(ModelConfig.read(directory), StatePrecision.FLOAT32);
    }

    @Test
    void resultsAreTheSameWithTheCacheOnOffAndTooSmall() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<TokenContext> known = new ArrayList<>(List.of(TokenContext.startingWith(0)));
        try (DjlLanguageModel on = DjlLanguageModel.open(settings);
                DjlLanguageModel off = DjlLanguageModel.open(settings.withCacheBytes(0));
                DjlLanguageModel tiny = DjlLanguageModel.open(settings.withCacheBytes(70 * bytesPerToken))) {
            for (int step = 0; step < 40; step++) {
                List<TokenContext> batch = forks(random, known, 1 + random.nextInt(12));
                known.addAll(batch);
                float[][] expected = off.nextTokenProbabilities(batch);
                for (DjlLanguageModel cached : List.of(on, tiny)) {
                    float[][] rows = cached.nextTokenProbabilities(batch);
                    for (int i = 0; i < rows.length; i++) {
                        assertThat(BundledModelRecording.maxDifference(
                                        rows[i], BundledModelRecording.logs(expected[i])))
                                .as("seed %d, step %d, context %s", seed, step, batch.get(i))
                                .isLessThan(NATS);
                    }
                }
            }
            assertThat(tiny.statistics().capacityTokens()).isEqualTo(70);
            assertThat(tiny.statistics().computedTokens())
                    .as("the small cache forgets and computes again")
                    .isGreaterThan(on.statistics().computedTokens());
            assertThat(off.statistics().cachedTokens()).isZero();
        }
    }

    @Test
    void anotherTokenOfAKnownContextCostsOneToken() {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            TokenContext context = TokenContext.of(1, 2, 3, 4, 5);
            model.nextTokenProbabilities(List.of(context));
            long before = model.statistics().computedTokens();
            model.nextTokenProbabilities(List.of(context.plus(6), context.plus(7)));
            assertThat(model.statistics().computedTokens() - before).isEqualTo(2);
        }
    }

    @Test
    void allPositionsOfADocumentCostOnePass() {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            List<TokenContext> positions = new ArrayList<>(List.of(TokenContext.startingWith(0)));
            for (int i = 1; i < 60; i++) {
                positions.add(positions.get(i - 1).plus(i));
            }
            model.nextTokenProbabilities(positions);
            assertThat(model.statistics().computedTokens()).isEqualTo(60);
            assertThat(model.statistics().passes()).isEqualTo(1);
        }
    }

    @Test
    void whatWasPrefetchedCostsNoTokenAndIsTheSame() {
        TokenContext context =
                TokenContext.of(new Random(4).ints(50, 0, VOCABULARY).toArray());
        try (DjlLanguageModel model = DjlLanguageModel.open(settings);
                DjlLanguageModel other = DjlLanguageModel.open(settings)) {
            model.prefetch(List.of(context));
            assertThat(model.statistics().rows()).isZero();
            for (TokenContext at = context; at != null; at = at.parent()) {
                float[] row = model.nextTokenProbabilities(List.of(at))[0];
                float[] expected = other.nextTokenProbabilities(List.of(at))[0];
                assertThat(BundledModelRecording.maxDifference(row, BundledModelRecording.logs(expected)))
                        .isLessThan(NATS);
            }
            assertThat(model.statistics().computedTokens()).isEqualTo(50);
        }
    }

    @Test
    void moreThanFitsIsPrefetchedAsFarAsItFits() {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings.withCacheBytes(70 * bytesPerToken))) {
            Random random = new Random(9);
            List<TokenContext> documents = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                documents.add(TokenContext.of(random.ints(40, 0, VOCABULARY).toArray()));
            }
            model.prefetch(documents);
            assertThat(model.statistics().cachedTokens()).isLessThanOrEqualTo(70);
            long before = model.statistics().computedTokens();
            model.nextTokenProbabilities(List.of(documents.get(4)));
            assertThat(model.statistics().computedTokens()).isEqualTo(before);
        }
    }

    @Test
    void theMemoryBoundHoldsUnlessOneContextNeedsMore() {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings.withCacheBytes(100 * bytesPerToken + 7))) {
            assertThat(model.statistics().capacityBytes()).isEqualTo(100 * bytesPerToken);
        }
        try (DjlLanguageModel model = DjlLanguageModel.open(settings.withCacheBytes(20 * bytesPerToken))) {
            model.nextTokenProbabilities(List.of(TokenContext.of(new int[30])));
            assertThat(model.statistics().cachedTokens()).isEqualTo(30);
            model.nextTokenProbabilities(List.of(TokenContext.of(1)));
            assertThat(model.statistics().cachedTokens()).isLessThanOrEqualTo(20);
        }
    }

    @Test
    void noArrayStaysOpenHoweverManyBatchesRun() {
        Random random = new Random(5);
        List<TokenContext> known = new ArrayList<>(List.of(TokenContext.startingWith(0)));
        try (DjlLanguageModel model = DjlLanguageModel.open(settings.withCacheBytes(80 * bytesPerToken))) {
            int open = model.openArrays();
            for (int i = 0; i < 1_000; i++) {
                List<TokenContext> batch = forks(random, known, 3);
                known.add(batch.get(0));
                model.nextTokenProbabilities(batch);
                model.prefetch(batch);
            }
            assertThat(model.openArrays()).isEqualTo(open).isPositive();
            model.close();
            assertThat(model.openArrays()).isZero();
        }
    }

    @Test
    void allThreadsMayCallOneAfterTheOther() throws InterruptedException {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings.withThreads(1))) {
            float[] here = model.nextTokenProbabilities(List.of(TokenContext.of(1, 2)))[0];
            float[][] there = new float[1][];
            Thread thread =
                    new Thread(() -> there[0] = model.nextTokenProbabilities(List.of(TokenContext.of(1, 2)))[0]);
            thread.start();
            thread.join();
            assertThat(there[0]).containsExactly(here);
        }
    }

    /** Contexts that grow from known ones, sometimes by many tokens, sometimes known already. */
    private static List<TokenContext> forks(Random random, List<TokenContext> known, int count) {
        List<TokenContext> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TokenContext from = known.get(random.nextInt(known.size()));
            for (int more = random.nextInt(random.nextInt(10) == 0 ? 30 : 3); more > 0 && from.length() < 60; more--) {
                from = from.plus(random.nextInt(VOCABULARY));
            }
            batch.add(from);
        }
        return batch;
    }
}
