package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What one more row takes, of what each request takes. */
class PassCostTest {
    private static final long MICROS = 1_000;

    private final PassCost cost = new PassCost();

    private void passes(int count, long fixedMicros, long microsPerRow) {
        for (int pass = 0; pass < count; pass++) {
            int rows = 1 + pass % 8;
            cost.took(rows, (fixedMicros + microsPerRow * rows) * MICROS);
        }
    }

    @Test
    void itIsFittedToWhatPassesTook() {
        passes(100, 1600, 400);

        assertThat(cost.shareOfOneMore(1)).isCloseTo(0.2, within(1e-6));
        assertThat(cost.shareOfOneMore(4)).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void itFollowsWhenPassesTakeLonger() {
        passes(100, 1600, 400);
        passes(400, 900, 900);

        assertThat(cost.shareOfOneMore(1)).isCloseTo(0.5, within(0.01));
    }

    @Test
    void beforePassesOfDifferentSizesItIsATenthOfAPassOfOne() {
        assertThat(cost.shareOfOneMore(1)).isEqualTo(0.1);
        for (int pass = 0; pass < 100; pass++) {
            cost.took(1, 20_000 * MICROS);
        }
        assertThat(cost.shareOfOneMore(1)).isEqualTo(0.1);
        assertThat(cost.shareOfOneMore(9)).isEqualTo(0.5);
    }

    @Test
    void itStaysAShareHoweverOddlyTimesAreSpread() {
        for (int pass = 0; pass < 100; pass++) {
            cost.took(1 + pass % 8, (10 - pass % 8) * MICROS);
        }
        assertThat(cost.shareOfOneMore(1)).isBetween(0.0, 0.05);
        for (int pass = 0; pass < 400; pass++) {
            int rows = 1 + pass % 8;
            cost.took(rows, (long) rows * rows * MICROS);
        }
        assertThat(cost.shareOfOneMore(1)).isBetween(0.5, 1.0);
        assertThat(cost.shareOfOneMore(100)).isBetween(0.9, 1.0);
    }
}
