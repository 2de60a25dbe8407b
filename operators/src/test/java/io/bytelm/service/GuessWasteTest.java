package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuessWasteTest {
    private static final int WINDOW = 512;
    private static final int PAUSE = 8 * WINDOW;

    private final GuessWaste waste = new GuessWaste();

    @Test
    void guessesOfWhichMostAreAskedForGoOn() {
        assertThat(waste.pays(10, WINDOW, WINDOW / 4)).as("many still wait").isTrue();
        for (int window = 2; window < 20; window++) {
            assertThat(waste.pays(10, (long) window * WINDOW, WINDOW / 4 + (window - 1L) * WINDOW * 3 / 4))
                    .isTrue();
        }
    }

    @Test
    void guessesThatAreSeldomAskedForPauseAndAreTriedAgain() {
        assertThat(waste.pays(10, WINDOW, 0)).isTrue();
        assertThat(waste.pays(10, 2 * WINDOW, WINDOW / 3)).isFalse();
        assertThat(waste.pays(PAUSE - 1, 2 * WINDOW, WINDOW)).isFalse();
        assertThat(waste.pays(1, 2 * WINDOW, WINDOW)).isFalse();
        assertThat(waste.pays(1, 2 * WINDOW, WINDOW)).isTrue();
    }

    @Test
    void afterAPauseTheFirstWindowDoesNotCountAgain() {
        waste.pays(10, WINDOW, 0);
        waste.pays(10, 2 * WINDOW, 0);
        waste.pays(PAUSE, 2 * WINDOW, 0);
        assertThat(waste.pays(1, 3 * WINDOW, 0)).isTrue();
        assertThat(waste.pays(1, 4 * WINDOW, 0)).isFalse();
    }
}
