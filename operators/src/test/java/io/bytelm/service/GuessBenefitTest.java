package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Passes of 10 requests that take 1 ms alone, and take 32 guesses along. */
class GuessBenefitTest {
    private static final int WINDOW = 320; // 32 a request
    private static final int REQUESTS = 10;
    private static final long ALONE_NANOS = 1_000_000;
    private static final int GUESSES = 32;
    private static final int PASSES_OF_A_WINDOW = WINDOW / GUESSES;
    private static final int SHORTEST_PAUSE = 2048;

    private final GuessBenefit benefit = new GuessBenefit();
    private long used;

    private void measureAlone() {
        for (int pass = 0; pass < 4; pass++) {
            assertThat(benefit.pays(REQUESTS)).isFalse();
            benefit.tookAlone(REQUESTS, ALONE_NANOS);
        }
    }

    /** Whether guesses go on after a window whose passes took so long, and of which so many guesses were asked for. */
    private boolean afterAWindow(long passNanos, int usedOfAPass) {
        for (int pass = 0; pass < PASSES_OF_A_WINDOW; pass++) {
            used += usedOfAPass;
            benefit.tookWithGuesses(REQUESTS, GUESSES, passNanos, used);
        }
        boolean first = benefit.pays(REQUESTS);
        boolean second = benefit.pays(REQUESTS);
        return first || second; // one of many goes alone
    }

    private int requestsUntilTheyAreTriedAgain() {
        int requests = 2 * REQUESTS; // afterAWindow has asked twice
        do {
            requests += REQUESTS;
        } while (!benefit.pays(REQUESTS));
        return requests;
    }

    @Test
    void nothingIsGuessedBeforeItIsKnownWhatRequestsTakeAlone() {
        measureAlone();
        assertThat(benefit.pays(REQUESTS)).isTrue();
        assertThat(benefit.pays(8 * REQUESTS)).as("a pass of another size").isFalse();
    }

    @Test
    void guessesThatMakeRowsCheaperGoOnAlthoughMostAreNeverAskedFor() {
        measureAlone();
        afterAWindow(2 * ALONE_NANOS, 2);
        for (int window = 0; window < 20; window++) {
            // 10 requests and 20 of 32 guesses in the time of 20 requests alone
            assertThat(afterAWindow(2 * ALONE_NANOS, 20)).isTrue();
        }
    }

    @Test
    void guessesThatMakeRowsDearerPauseAlthoughAllAreAskedFor() {
        measureAlone();
        assertThat(afterAWindow(9 * ALONE_NANOS, GUESSES)).as("many still wait").isTrue();
        assertThat(afterAWindow(9 * ALONE_NANOS, GUESSES)).isFalse();
    }

    @Test
    void theyAreTriedAgainAfterAPauseWhichIsLongerEachTime() {
        measureAlone();
        afterAWindow(9 * ALONE_NANOS, 0);
        assertThat(afterAWindow(9 * ALONE_NANOS, 0)).isFalse();
        assertThat(requestsUntilTheyAreTriedAgain()).isBetween(SHORTEST_PAUSE, SHORTEST_PAUSE + 3 * REQUESTS);
        assertThat(afterAWindow(9 * ALONE_NANOS, 0))
                .as("the first window after a pause does not count")
                .isTrue();
        assertThat(afterAWindow(9 * ALONE_NANOS, 0)).isFalse();
        assertThat(requestsUntilTheyAreTriedAgain()).isBetween(2 * SHORTEST_PAUSE, 2 * SHORTEST_PAUSE + 3 * REQUESTS);
    }

    @Test
    void aWindowThatPaysMakesTheNextPauseShortAgain() {
        measureAlone();
        for (int pause = 0; pause < 3; pause++) {
            afterAWindow(9 * ALONE_NANOS, 0);
            assertThat(afterAWindow(9 * ALONE_NANOS, 0)).isFalse();
            requestsUntilTheyAreTriedAgain();
        }
        afterAWindow(ALONE_NANOS, GUESSES);
        assertThat(afterAWindow(ALONE_NANOS, GUESSES)).isTrue();
        while (afterAWindow(9 * ALONE_NANOS, 0)) {
            // what was measured before still counts
        }
        assertThat(requestsUntilTheyAreTriedAgain()).isBetween(SHORTEST_PAUSE, SHORTEST_PAUSE + 3 * REQUESTS);
    }

    @Test
    void eachSixteenthPassGoesAloneSoThatItsCostStaysKnown() {
        measureAlone();
        int alone = 0;
        for (int pass = 0; pass < 160; pass++) {
            alone += benefit.pays(REQUESTS) ? 0 : 1;
        }
        assertThat(alone).isEqualTo(10);
    }

    @Test
    void whereRequestsAloneBecomeDearerAsTextsGrowGuessesPayThatDidNot() {
        measureAlone();
        afterAWindow(3 * ALONE_NANOS, 10);
        assertThat(afterAWindow(3 * ALONE_NANOS, 10)).isFalse();
        requestsUntilTheyAreTriedAgain();
        for (int pass = 0; pass < 20; pass++) {
            benefit.tookAlone(REQUESTS, 3 * ALONE_NANOS);
        }
        afterAWindow(3 * ALONE_NANOS, 10);
        assertThat(afterAWindow(3 * ALONE_NANOS, 10)).isTrue();
    }
}
