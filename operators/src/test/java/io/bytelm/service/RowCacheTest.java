package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.WeaklyHeldContexts;
import io.bytelm.lm.batch.Terms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowCacheTest {
    private static final int VOCABULARY = 4;
    private static final long BYTES_OF_ONE = EvaluatedRow.bytes(VOCABULARY) + 32;

    private final List<TokenContext> evaluated = new ArrayList<>();

    @Test
    void theLeastRecentlyUsedRowGoesFirst() {
        RowCache cache = cacheOf(2);
        cache.get(request(1), Terms.NONE).join();
        cache.get(request(2), Terms.NONE).join();
        cache.get(request(1), Terms.NONE).join();
        cache.get(request(3), Terms.NONE).join(); // in place of 2
        cache.get(request(1), Terms.NONE).join();
        cache.get(request(2), Terms.NONE).join(); // in place of 3

        assertThat(evaluated)
                .containsExactly(TokenContext.of(1), TokenContext.of(2), TokenContext.of(3), TokenContext.of(2));
        assertThat(cache.evaluations()).isEqualTo(4);
    }

    @Test
    void theMemoryOfItsRowsIsCountedAndBounded() {
        RowCache cache = cacheOf(2);
        cache.get(request(1), Terms.NONE).join();
        assertThat(cache.bytes()).isEqualTo(BYTES_OF_ONE);
        cache.get(request(1), Terms.NONE).join();
        cache.get(request(2), Terms.NONE).join();
        cache.get(request(3), Terms.NONE).join();
        assertThat(cache.bytes()).isEqualTo(2 * BYTES_OF_ONE);
        cache.clear();
        assertThat(cache.bytes()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void contextsInUseAreNeverEvaluatedTwiceHoweverManyCameBefore(long seed) {
        Random random = new Random(seed);
        int inUse = 20;
        RowCache cache = cacheOf(3 * inUse);
        int[] contexts = random.ints(inUse).map(Math::abs).toArray();
        for (int round = 0; round < 500; round++) {
            for (int i = 0; i < inUse; i++) {
                cache.get(request(contexts[i]), Terms.NONE).join();
                if (random.nextInt(4) == 0) {
                    contexts[i] = random.nextInt();
                }
            }
        }

        assertThat(evaluated).hasSizeGreaterThan(10 * inUse).doesNotHaveDuplicates();
    }

    @Test
    void aGuessCountsAsAnEvaluationOnceItIsAskedFor() {
        RowCache cache = cacheOf(2);
        cache.keepGuessed(TokenContext.of(1), new EvaluatedRow(new float[VOCABULARY]));
        cache.keepGuessed(TokenContext.of(1), new EvaluatedRow(new float[VOCABULARY])); // takes no room twice
        cache.keepGuessed(TokenContext.of(2), new EvaluatedRow(new float[VOCABULARY]));
        assertThat(cache.evaluations()).isZero();

        cache.get(request(1), Terms.NONE).join();
        cache.get(request(1), Terms.NONE).join();

        assertThat(evaluated).isEmpty();
        assertThat(cache.evaluations()).isEqualTo(1);
        assertThat(cache.guesses()).isEqualTo(3);
        assertThat(cache.known(TokenContext.of(2))).isNotNull();
        assertThat(cache.known(TokenContext.of(3))).isNull();
    }

    @Test
    void guessesThatNobodyCameForAreCountedUntilTheyAreAskedForOrGone() {
        RowCache cache = cacheOf(2);
        assertThat(cache.capacityRows()).isEqualTo(2);
        for (int token = 1; token <= 3; token++) { // 3 in place of 1
            cache.keepGuessed(TokenContext.of(token), new EvaluatedRow(new float[VOCABULARY]));
        }
        assertThat(cache.unasked()).isEqualTo(2);

        cache.get(request(2), Terms.NONE).join();
        cache.get(request(2), Terms.NONE).join();
        assertThat(cache.unasked()).isEqualTo(1);
        cache.get(request(4), Terms.NONE).join(); // in place of 3
        assertThat(cache.unasked()).isZero();

        cache.keepGuessed(TokenContext.of(5), new EvaluatedRow(new float[VOCABULARY]));
        cache.clear();
        assertThat(cache.unasked()).isZero();
    }

    @Test
    void contextsThatComeAnewWithEveryRecordAreHeldOnce() throws InterruptedException {
        WeaklyHeldContexts contexts = new WeaklyHeldContexts();
        RowCache cache = cacheOf(100_000);
        int[] tokens = new Random(3).ints(300).toArray();
        for (int record = 1; record <= 100; record++) {
            for (int more = 1; more <= 3; more++) {
                int[] known = Arrays.copyOf(tokens, 3 * (record - 1) + more);
                cache.get(request(contexts.watch(TokenContext.of(known))), Terms.NONE)
                        .join();
            }
        }
        evaluated.clear();

        assertThat(contexts.watched()).isEqualTo(300 * 301 / 2);
        assertThat(contexts.reachable(300)).isLessThanOrEqualTo(300);
        assertThat(cache.bytes()).isPositive();
    }

    private static ExpandRequest request(int token) {
        return request(TokenContext.of(token));
    }

    private static ExpandRequest request(TokenContext context) {
        return new ExpandRequest(context, new byte[0], new int[0], ExpandRequest.NO_ROWS);
    }

    private RowCache cacheOf(int rows) {
        return new RowCache(rows * BYTES_OF_ONE, VOCABULARY, new RowCache.Evaluator() {
            @Override
            public CompletableFuture<EvaluatedRow> start(ExpandRequest request, Terms terms) {
                evaluated.add(request.context());
                return CompletableFuture.completedFuture(new EvaluatedRow(new float[VOCABULARY]));
            }

            @Override
            public boolean withdraw(CompletableFuture<EvaluatedRow> row) {
                return false;
            }
        });
    }
}
