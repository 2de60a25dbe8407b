package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Script calls side by side give what one call gives. */
@Timeout(120)
class EngineLanesTest {
    private static final double NATS = 1e-4;
    private static final int VOCABULARY = 61;

    @TempDir
    private Path directory;

    @Test
    void threeLanesGiveWhatOneGivesForAnyBatchAndAnyCache() throws IOException {
        ObjectNode config = (ObjectNode) new ObjectMapper()
                .readTree(Objects.requireNonNull(EngineLanesTest.class.getResource("/random-models/llama3.json")))
                .get("config");
        new RandomCheckpoint(config).write(directory, StoredType.F32);
        DjlModelSettings settings = DjlModelSettings.of(directory);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<TokenContext> known = new ArrayList<>(List.of(TokenContext.startingWith(0)));
        try (DjlLanguageModel one = DjlLanguageModel.open(settings.withThreads(1));
                DjlLanguageModel three = DjlLanguageModel.open(settings.withThreads(3))) {
            for (int step = 0; step < 60; step++) {
                List<TokenContext> batch = grown(random, known, 1 + random.nextInt(40));
                known.addAll(batch);
                if (random.nextBoolean()) {
                    three.prefetch(batch.subList(0, batch.size() / 2));
                }
                float[][] expected = one.nextTokenProbabilities(batch);
                float[][] actual = three.nextTokenProbabilities(batch);
                for (int row = 0; row < expected.length; row++) {
                    assertThat(BundledModelRecording.maxDifference(
                                    actual[row], BundledModelRecording.logs(expected[row])))
                            .as("seed %d, step %d, row %d", seed, step, row)
                            .isLessThan(NATS);
                }
            }
            assertThat(three.statistics().computedTokens())
                    .isEqualTo(one.statistics().computedTokens());
        }
    }

    private static List<TokenContext> grown(Random random, List<TokenContext> known, int size) {
        List<TokenContext> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            TokenContext context = random.nextInt(4) == 0
                    ? TokenContext.startingWith(random.nextInt(VOCABULARY))
                    : known.get(random.nextInt(known.size()));
            for (int more = random.nextInt(4); more >= 0; more--) {
                context = context.plus(random.nextInt(VOCABULARY));
            }
            batch.add(context);
        }
        return batch;
    }

    @Test
    void allWorkRunsAtTheSameTime() {
        CyclicBarrier together = new CyclicBarrier(3);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Runnable meeting = () -> {
            threads.add(Thread.currentThread());
            try {
                together.await(60, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        try (EngineLanes lanes = new EngineLanes(3)) {
            lanes.run(3, (piece, lane) -> meeting.run());
        }
        assertThat(threads).hasSize(3).contains(Thread.currentThread());
    }

    @Test
    void aFailureIsThrownOnlyWhenAllOtherWorkHasEnded() {
        CountDownLatch failing = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Runnable fails = () -> {
            failing.countDown();
            throw new IllegalStateException("the first lane fails");
        };
        Runnable takesLonger = () -> {
            try {
                assertThat(failing.await(60, TimeUnit.SECONDS)).isTrue();
                Thread.sleep(200);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            ended.set(true);
            throw new IllegalStateException("and so does the second");
        };
        try (EngineLanes lanes = new EngineLanes(2)) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> lanes.run(2, (piece, lane) -> (lane == 0 ? fails : takesLonger).run()))
                    .withMessage("the first lane fails")
                    .satisfies(e -> assertThat(e.getSuppressed())
                            .singleElement()
                            .satisfies(other -> assertThat(other).hasMessage("and so does the second")));
        }
        assertThat(ended).isTrue();
    }
}
