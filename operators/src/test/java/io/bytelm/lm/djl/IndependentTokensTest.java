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

class IndependentTokensTest {
    private static final int ROUNDS = 2000;

    @Test
    void noTokenIsApartFromANewOneBeforeItAndNoneIsLost() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<CachedToken> added = forest(random, 1 + random.nextInt(60));
            int parts = 1 + random.nextInt(4);

            List<List<CachedToken>> split = IndependentTokens.split(added, parts);

            assertThat(split).as("seed %d, round %d", seed, round).hasSizeBetween(1, parts);
            List<CachedToken> all = new ArrayList<>();
            for (List<CachedToken> part : split) {
                assertThat(part).isNotEmpty();
                Set<CachedToken> here = new HashSet<>();
                for (CachedToken token : part) {
                    assertThat(token.parent == null || here.contains(token.parent) || !added.contains(token.parent))
                            .as("seed %d, round %d: the parent of a new token comes before it", seed, round)
                            .isTrue();
                    here.add(token);
                }
                all.addAll(part);
            }
            assertThat(all).as("seed %d, round %d", seed, round).containsExactlyInAnyOrderElementsOf(added);
        }
    }

    @Test
    void tokensThatDoNotHangTogetherAreSharedOutEvenly() {
        CachedToken known = token(null, 0);
        List<CachedToken> added = new ArrayList<>();
        for (int i = 1; i <= 66; i++) {
            added.add(token(known, i));
        }

        assertThat(IndependentTokens.split(added, 2)).map(List::size).containsExactly(33, 33);
        assertThat(IndependentTokens.split(added, 4)).map(List::size).allMatch(size -> size == 16 || size == 17);
    }

    @Test
    void oneLongBeginningStaysInOnePart() {
        List<CachedToken> chain = new ArrayList<>();
        CachedToken last = null;
        for (int i = 0; i < 100; i++) {
            last = token(last, i);
            chain.add(last);
        }

        assertThat(IndependentTokens.split(chain, 2)).containsExactly(chain);
    }

    /** Half of the tokens have a new parent, the others a known one or none. */
    private static List<CachedToken> forest(Random random, int size) {
        CachedToken known = token(null, 0);
        List<CachedToken> added = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            CachedToken parent = random.nextBoolean() ? known : null;
            if (!added.isEmpty() && random.nextBoolean()) {
                parent = added.get(random.nextInt(added.size()));
            }
            added.add(token(parent, i));
        }
        return added;
    }

    private static CachedToken token(@Nullable CachedToken parent, int id) {
        TokenContext context = parent == null ? TokenContext.startingWith(id) : parent.context.plus(id);
        return new CachedToken(context, parent, id, 0);
    }
}
