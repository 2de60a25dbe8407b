package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import org.junit.jupiter.api.Test;

class RecentContextsTest {
    private final RecentContexts recent = new RecentContexts();
    private final TokenContext start = TokenContext.startingWith(0);

    @Test
    void itKnowsTheTokensThatGrewFromAContextEachOnce() {
        recent.add(start);
        recent.add(start.plus(3));
        recent.add(start.plus(5));
        recent.add(start.plus(3));
        recent.add(start.plus(3).plus(4));

        assertThat(recent.grownFrom(start)).containsExactly(3, 5);
        assertThat(recent.grownFrom(TokenContext.of(0, 3))).containsExactly(4);
        assertThat(recent.grownFrom(start.plus(5))).isEmpty();
    }

    @Test
    void whatWasNotUsedForLongestIsForgotten() {
        TokenContext other = TokenContext.startingWith(1);
        recent.add(start.plus(3));
        recent.add(other.plus(4));
        for (int token = 0; token < 4095; token++) {
            assertThat(recent.grownFrom(start)).containsExactly(3);
            recent.add(TokenContext.of(2, token, 0));
        }

        assertThat(recent.grownFrom(start)).containsExactly(3);
        assertThat(recent.grownFrom(other)).isEmpty();
    }

    @Test
    void ofAContextThatEverythingGrowsFromItKnowsSome() {
        for (int token = 0; token < 1000; token++) {
            recent.add(start.plus(token));
        }

        assertThat(recent.grownFrom(start)).hasSize(64);
    }
}
