package io.bytelm.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenContextTest {
    /** The same tokens, of which the oldest are not held. */
    private static TokenContext without(int olderTokens, TokenContext whole) {
        int[] tokens = whole.tokens();
        TokenContext context =
                TokenContext.resuming(olderTokens, whole.first(olderTokens + 1).hashBefore(), tokens[olderTokens]);
        for (int i = olderTokens + 1; i < tokens.length; i++) {
            context = context.plus(tokens[i]);
        }
        return context;
    }

    private static int[] tokens(Random random, int count) {
        return random.ints(count, 0, 3).toArray();
    }

    private static int sharedLength(int[] a, int[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    @Test
    void aContextThatHasLetGoIsTheWholeOneWhereverBothHoldTokens() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            int[] first = tokens(random, 2 + random.nextInt(12));
            int[] second = random.nextBoolean() ? first.clone() : tokens(random, 2 + random.nextInt(12));
            if (random.nextBoolean()) {
                second[random.nextInt(second.length)] = random.nextInt(3);
            }
            TokenContext a = without(1 + random.nextInt(first.length - 1), TokenContext.of(first));
            TokenContext b = random.nextBoolean()
                    ? TokenContext.of(second)
                    : without(1 + random.nextInt(second.length - 1), TokenContext.of(second));
            boolean same = Arrays.equals(first, second);
            assertThat(a.equals(b)).as("seed " + seed).isEqualTo(same);
            assertThat(b.equals(a)).as("seed " + seed).isEqualTo(same);
            assertThat(a.hashCode()).isEqualTo(TokenContext.of(first).hashCode());
            int held = Math.max(a.olderTokens(), b.olderTokens());
            int shared = sharedLength(first, second);
            boolean bothHoldAToken = Math.min(first.length, second.length) > held;
            assertThat(a.sharedLength(b)).as("seed " + seed).isEqualTo(bothHoldAToken && shared >= held ? shared : 0);
        }
    }

    @Test
    void itKnowsItsLengthAndItsNewestTokens() {
        TokenContext whole = TokenContext.of(3, 1, 4, 1, 5, 9, 2);
        TokenContext held = without(4, whole);
        assertThat(held.length()).isEqualTo(7);
        assertThat(held.olderTokens()).isEqualTo(4);
        assertThat(held.heldTokens()).isEqualTo(3);
        assertThat(held.lastTokens(3)).containsExactly(5, 9, 2);
        assertThat(held.first(5)).isEqualTo(whole.first(5));
        assertThat(held.first(5).parent()).isNull();
        assertThat(held.plus(6)).isEqualTo(whole.plus(6));
        assertThat(held).hasToString("[4 tokens, then 5, 9, 2]");
    }

    @Test
    void whatItDoesNotHoldIsNotMadeUp() {
        TokenContext held = without(4, TokenContext.of(3, 1, 4, 1, 5, 9, 2));
        assertThatThrownBy(held::tokens)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "of a context of 7 tokens only the newest 3 are kept, but 7 are to be read: it was kept for a"
                                + " model that reads fewer");
        assertThatThrownBy(() -> held.lastTokens(4)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> held.first(4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWindowCutsItWhereItCutsTheWholeOne() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int most = 1 + random.nextInt(20);
            ContextWindow window = new ContextWindow(most, 1 + random.nextInt(most));
            TokenContext whole = TokenContext.of(tokens(random, most + 1 + random.nextInt(60)));
            TokenContext held = without(whole.length() - most, whole);
            for (int more = 0; more < 50; more++) {
                assertThat(window.apply(held).tokens())
                        .as("seed " + seed)
                        .isEqualTo(window.apply(whole).tokens());
                int token = random.nextInt(3);
                whole = whole.plus(token);
                held = held.plus(token);
            }
        }
    }

    /** A text that a session has read is found again from the part of it that the session still holds. */
    @Test
    void oneFindsTheOtherInAMap() {
        TokenContext whole = TokenContext.of(new Random(1).ints(5000, 0, 50_000).toArray());
        Map<TokenContext, String> rows = new HashMap<>(Map.of(whole, "row"));
        assertThat(rows.get(without(4000, whole))).isEqualTo("row");
        assertThat(rows.get(without(4000, whole).plus(1))).isNull();
    }
}
