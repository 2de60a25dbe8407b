package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrefixCacheTest {
    private final List<CachedToken> added = new ArrayList<>();

    @Test
    void aForkAddsOneToken() {
        PrefixCache cache = new PrefixCache(10, 10);
        reach(cache, TokenContext.of(1, 2, 3));
        reach(cache, TokenContext.of(1, 2, 4));
        assertThat(added).extracting(token -> token.context.lastToken()).containsExactly(1, 2, 3, 4);
        assertThat(added).extracting(token -> token.slot).doesNotHaveDuplicates();
    }

    @Test
    void aContextThatWasReadElsewhereIsFoundByItsTokens() {
        PrefixCache cache = new PrefixCache(10, 10);
        CachedToken first = reach(cache, TokenContext.of(1, 2, 3));
        CachedToken again = reach(cache, TokenContext.of(1, 2, 3));
        assertThat(again).isSameAs(first);
        assertThat(added).hasSize(3);
    }

    @Test
    void parentsAreAddedBeforeTheirChildren() {
        PrefixCache cache = new PrefixCache(10, 10);
        reach(cache, TokenContext.of(5, 6, 7));
        assertThat(added).extracting(CachedToken::position).containsExactly(0, 1, 2);
    }

    @Test
    void theLeafThatWasNotUsedForLongestGoesFirst() {
        PrefixCache cache = new PrefixCache(4, 4);
        reach(cache, TokenContext.of(1, 2));
        reach(cache, TokenContext.of(1, 3));
        reach(cache, TokenContext.of(1, 4));
        reach(cache, TokenContext.of(1, 2));
        added.clear();
        reach(cache, TokenContext.of(1, 5)); // displaces 1 3
        reach(cache, TokenContext.of(1, 2));
        reach(cache, TokenContext.of(1, 4));
        assertThat(added).extracting(token -> token.context.lastToken()).containsExactly(5);
    }

    @Test
    void whatThePassUsesStays() {
        PrefixCache cache = new PrefixCache(3, 3);
        cache.beginPass();
        assertThat(cache.reach(TokenContext.of(1, 2), added)).isNotNull();
        assertThat(cache.reach(TokenContext.of(8, 9), added)).isNull();
        cache.beginPass();
        assertThat(cache.reach(TokenContext.of(8, 9), added)).isNotNull();
    }

    @Test
    void oneLongContextMayGoBeyondTheLimitAndTheNextGoesBackBelowIt() {
        PrefixCache cache = new PrefixCache(6, 3);
        cache.beginPass();
        assertThat(cache.reach(TokenContext.of(1, 2, 3, 4, 5), added)).isNull();
        cache.beginPass();
        assertThat(cache.reachFirst(TokenContext.of(1, 2, 3, 4, 5), added)).isNotNull();
        assertThat(cache.size()).isEqualTo(5);
        cache.beginPass();
        assertThat(cache.reach(TokenContext.of(7), added)).isNotNull();
        assertThat(cache.size()).isLessThanOrEqualTo(3);
        assertThat(cache.reachFirst(TokenContext.of(1, 2, 3, 4, 5, 6, 7), added))
                .isNull();
    }

    @Test
    void slotsThatWereNeverUsedAreHandedOutLast() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        PrefixCache cache = new PrefixCache(50, 40);
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            if (random.nextInt(100) == 0) {
                cache.clear();
            }
            used.add(reach(cache, TokenContext.of(random.nextInt(1 + i))).slot);
            assertThat(cache.usedSlots()).as("seed %d, step %d", seed, i).isEqualTo(used.size());
        }
        assertThat(used).hasSize(40);
    }

    @Test
    void underRandomUseNoSlotBelongsToTwoTokensAndNoTokenLacksItsParent() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        PrefixCache cache = new PrefixCache(40, 40);
        List<TokenContext> known = new ArrayList<>(List.of(TokenContext.startingWith(0)));
        for (int i = 0; i < 2_000; i++) {
            TokenContext from = known.get(random.nextInt(known.size()));
            TokenContext next = from.length() < 30 ? from.plus(random.nextInt(3)) : TokenContext.startingWith(0);
            known.add(next);
            CachedToken reached = reach(cache, next);
            Set<Integer> slots = new HashSet<>();
            int length = 0;
            for (CachedToken at = reached; at != null; at = at.parent) {
                length++;
                slots.add(at.slot);
            }
            assertThat(length).as("seed %d, step %d", seed, i).isEqualTo(next.length());
            assertThat(slots).as("seed %d, step %d", seed, i).hasSize(length);
            assertThat(cache.size()).isLessThanOrEqualTo(40);
        }
    }

    @Test
    void contextsThatComeAnewWithEveryRecordAreHeldOnce() {
        PrefixCache cache = new PrefixCache(3_000, 3_000);
        int[] tokens = new Random(3).ints(1_998, 0, 50_000).toArray();
        for (int record = 1; record <= 666; record++) {
            TokenContext context = TokenContext.of(Arrays.copyOf(tokens, 3 * record));
            reach(cache, context);
            reach(cache, context.plus(7)); // a branch that the beam drops
        }
        assertThat(added).hasSize(1_998 + 666);
        assertThat(nodesHeld()).as("one for each distinct beginning").isEqualTo(1_998 + 666);
    }

    private int nodesHeld() {
        Set<TokenContext> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
        for (CachedToken token : added) {
            for (TokenContext at = token.context; at != null && nodes.add(at); ) {
                at = at.parent();
            }
        }
        return nodes.size();
    }

    private CachedToken reach(PrefixCache cache, TokenContext context) {
        cache.beginPass();
        return Objects.requireNonNull(cache.reach(context, added));
    }
}
