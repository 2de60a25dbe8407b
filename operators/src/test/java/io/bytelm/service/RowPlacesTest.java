package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowPlacesTest {
    private static final long ROW_BYTES = 1000;
    private static final long UNBOUNDED = Long.MAX_VALUE;

    @Test
    void theLeastRecentlyUsedPlaceIsGivenToAnotherContext() {
        RowPlaces places = new RowPlaces(2, UNBOUNDED, ROW_BYTES);
        places.beginBatch();
        int first = places.take(TokenContext.of(1));
        int second = places.take(TokenContext.of(2));
        places.beginBatch();
        assertThat(places.find(TokenContext.of(1))).isEqualTo(first);
        assertThat(places.take(TokenContext.of(3))).isEqualTo(second);
        assertThat(places.find(TokenContext.of(2))).isEqualTo(RowPlaces.NONE);
    }

    @Test
    void noPlaceOfTheRunningBatchIsGivenAway() {
        RowPlaces places = new RowPlaces(2, UNBOUNDED, ROW_BYTES);
        places.beginBatch();
        places.take(TokenContext.of(1));
        places.beginBatch();
        places.take(TokenContext.of(2));
        assertThat(places.find(TokenContext.of(1))).isEqualTo(0);
        assertThat(places.take(TokenContext.of(3))).isEqualTo(RowPlaces.NONE);
        places.beginBatch();
        assertThat(places.take(TokenContext.of(3))).isEqualTo(1);
    }

    @Test
    void betweenBatchesTheMemoryBoundHolds() {
        RowPlaces places = new RowPlaces(3, 2 * (ROW_BYTES + 32), ROW_BYTES);
        places.beginBatch();
        for (int token = 1; token <= 3; token++) {
            places.take(TokenContext.of(token));
        }
        assertThat(places.bytes()).isEqualTo(3 * (ROW_BYTES + 32));
        places.endBatch();
        assertThat(places.bytes()).isEqualTo(2 * (ROW_BYTES + 32));
        assertThat(places.find(TokenContext.of(1))).isEqualTo(RowPlaces.NONE);
        assertThat(places.find(TokenContext.of(3))).isEqualTo(2);
    }

    @Test
    void withoutRoomNothingStays() {
        RowPlaces places = new RowPlaces(3, 0, ROW_BYTES);
        places.beginBatch();
        places.take(TokenContext.of(1));
        places.endBatch();
        assertThat(places.bytes()).isZero();
        assertThat(places.find(TokenContext.of(1))).isEqualTo(RowPlaces.NONE);
    }

    @Test
    void whateverHappensNoPlaceHasTwoContexts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RowPlaces places = new RowPlaces(7, 5 * (ROW_BYTES + 64), ROW_BYTES);
        for (int batch = 0; batch < 2_000; batch++) {
            places.beginBatch();
            Map<TokenContext, Integer> used = new HashMap<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                TokenContext context = TokenContext.of(0, random.nextInt(20));
                int place = places.find(context);
                place = place == RowPlaces.NONE ? places.take(context) : place;
                if (place == RowPlaces.NONE) {
                    assertThat(used).as("seed %d", seed).hasSize(7);
                } else {
                    assertThat(used.getOrDefault(context, place)).isEqualTo(place);
                    used.put(context, place);
                }
            }
            Set<Integer> distinct = new HashSet<>(used.values());
            assertThat(distinct).as("seed %d", seed).hasSameSizeAs(used.keySet());
            if (random.nextBoolean()) {
                used.keySet().stream().findAny().ifPresent(places::forget);
            }
            places.endBatch();
            assertThat(places.bytes()).isLessThanOrEqualTo(5 * (ROW_BYTES + 64));
        }
    }
}
