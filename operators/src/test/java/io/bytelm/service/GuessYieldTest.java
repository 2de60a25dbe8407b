package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When guesses go on, pause and are tried again. */
final class GuessYieldTest {
    private final GuessYield guessYield = new GuessYield();

    @Test
    void guessesGoOnWhileEnoughOfThemAreAskedFor() {
        long used = 0;
        for (int batch = 0; batch < 10_000; batch++) {
            used += 6;
            assertThat(guessYield.pays(10, used)).isTrue();
        }
    }

    @Test
    void guessesPauseWhereTheyAreSeldomAskedForAndAreTriedAgainLater() {
        long evaluationsUntilPause = evaluationsWhile(true);
        long evaluationsInPause = evaluationsWhile(false);

        assertThat(evaluationsUntilPause).isLessThan(1_000);
        assertThat(evaluationsInPause).isBetween(10 * evaluationsUntilPause, 20 * evaluationsUntilPause);
        assertThat(guessYield.pays(10, 0)).isTrue();
    }

    @Test
    void whatIsReadDuringAPauseDoesNotCountForTheNextTry() {
        evaluationsWhile(true);
        long used = 0;
        while (!guessYield.pays(10, used)) {
            used += 1000;
        }

        long evaluations = 0;
        while (guessYield.pays(10, used)) {
            evaluations += 10;
        }
        assertThat(evaluations).isLessThan(1_000);
    }

    /** Evaluates for as long as the answer is this, with no guess ever used. */
    private long evaluationsWhile(boolean pays) {
        long evaluations = 0;
        while (guessYield.pays(10, 0) == pays) {
            evaluations += 10;
            assertThat(evaluations).isLessThan(1_000_000);
        }
        return evaluations;
    }
}
