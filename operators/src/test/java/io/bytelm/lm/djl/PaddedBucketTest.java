package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PaddedBucketTest {
    private static final int SLOTS = 4096;

    @Test
    void everyTokenAttendsToWhatItAttendedToWhereverItsRowIs() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            AttentionPlanner planner = new AttentionPlanner(SLOTS, AttentionBucket.MAX_SLOTS_ON_DEVICE);
            for (AttentionBucket bucket : planner.plan(tokens(random, 1 + random.nextInt(60)))) {
                PaddedBucket padded = PaddedBucket.of(bucket);
                for (int token = 0; token < bucket.tokens().size(); token++) {
                    Set<Long> slots = new HashSet<>();
                    for (CachedToken at = bucket.tokens().get(token); at != null; at = at.parent) {
                        slots.add((long) at.slot);
                    }
                    assertThat(attended(padded, token)).as("seed %d", seed).isEqualTo(slots);
                }
            }
        }
    }

    @Test
    void shapesArePowersOfTwoAndEveryRowAttendsToSomething() {
        Random random = new Random(1);
        Set<List<Integer>> shapes = new HashSet<>();
        for (int tokens = 1; tokens <= 60; tokens++) {
            AttentionPlanner planner = new AttentionPlanner(SLOTS, AttentionBucket.MAX_SLOTS_ON_DEVICE);
            for (AttentionBucket bucket : planner.plan(tokens(random, tokens))) {
                PaddedBucket padded = PaddedBucket.of(bucket);
                List<Integer> shape = List.of(padded.groups(), padded.rows(), padded.columns(), padded.tokenRows());
                shapes.add(shape);
                assertThat(shape).allMatch(size -> Integer.bitCount(size) == 1);
                for (int row = 0; row < padded.groups() * padded.rows(); row++) {
                    assertThat(attendedByRow(padded, row)).isNotEmpty();
                }
            }
        }
        assertThat(shapes.size()).isLessThan(60);
    }

    private static Set<Long> attended(PaddedBucket bucket, int token) {
        if (bucket.rows() == 1) {
            return attendedByRow(bucket, token);
        }
        int row = (int) bucket.unpadded()[token];
        assertThat(bucket.padded()[row]).isEqualTo(token);
        return attendedByRow(bucket, row);
    }

    private static Set<Long> attendedByRow(PaddedBucket bucket, int row) {
        Set<Long> slots = new HashSet<>();
        for (int column = 0; column < bucket.columns(); column++) {
            if (bucket.mask()[row * bucket.columns() + column] == 0) {
                slots.add(bucket.slots()[row / bucket.rows() * bucket.columns() + column]);
            }
        }
        return slots;
    }

    /** New tokens of some texts, each text after some tokens that are not new. */
    private static List<CachedToken> tokens(Random random, int count) {
        List<CachedToken> added = new ArrayList<>();
        int slot = 0;
        while (added.size() < count) {
            CachedToken at = null;
            for (int old = random.nextInt(8); old > 0; old--) {
                at = token(at, slot++);
            }
            for (int more = random.nextInt(6); more >= 0 && added.size() < count; more--) {
                at = token(at, slot++);
                added.add(at);
            }
        }
        return added;
    }

    private static CachedToken token(@Nullable CachedToken parent, int slot) {
        TokenContext context = parent == null ? TokenContext.startingWith(slot) : parent.context.plus(slot);
        return new CachedToken(context, parent, slot, 0);
    }
}
