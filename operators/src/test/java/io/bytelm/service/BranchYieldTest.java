package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BranchYieldTest {
    private final BranchYield branches = new BranchYield();

    @Test
    void branchesPayWhileAThirdOfAllGuessesIsUsed() {
        for (long guesses = 0; guesses <= 2_000; guesses += 10) {
            assertThat(branches.pays(guesses, guesses / 3)).isTrue();
        }
    }

    @Test
    void theyPauseWhereLessIsUsedAndAreTriedAgain() {
        assertThat(branches.pays(120, 10)).isTrue();
        assertThat(branches.pays(130, 10)).isFalse();
        assertThat(branches.pays(1_000, 900)).isFalse();
        assertThat(branches.pays(1_200, 1_000)).isTrue();
        assertThat(branches.pays(1_300, 1_050)).isTrue();
        assertThat(branches.pays(1_400, 1_050)).isFalse();
    }
}
