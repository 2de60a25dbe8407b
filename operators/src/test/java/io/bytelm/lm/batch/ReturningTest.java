package io.bytelm.lm.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReturningTest {
    private final Returning returning = new Returning();

    @Test
    void allAreAwaitedUntilSomeStayAway() {
        assertThat(returning.of(32)).isEqualTo(32);
        assertThat(returning.of(1)).isEqualTo(1);
    }

    @Test
    void thoseWhoStayAwayAreWaitedForInOneBatchOfThreeAtMost() {
        long inVain = IntStream.range(0, 1000)
                .filter(batch -> {
                    boolean isInVain = returning.of(32) > 26;
                    returning.observe(32, 26);
                    return isInVain;
                })
                .count();

        assertThat(inVain).isBetween(2L, 334L); // it tries again, now and then
    }

    @Test
    void allAreAwaitedAgainWhenAllComeAgain() {
        returning.observe(32, 8);
        assertThat(returning.of(32)).isEqualTo(16);
        returning.observe(32, 8);
        assertThat(returning.of(32)).isEqualTo(8);

        for (int batch = 0; batch < 200; batch++) {
            returning.observe(32, 32);
        }

        assertThat(returning.of(32)).isEqualTo(32);
    }

    @Test
    void asManyAreAwaitedAsCameTheTimeBefore() {
        returning.observe(32, 8);
        assertThat(returning.of(32)).isEqualTo(16);

        returning.observe(32, 28);

        assertThat(returning.of(32)).isEqualTo(28);
    }

    @Test
    void strangersAndThoseWhoGaveUpAreNoSurprise() {
        returning.observe(4, 9);
        assertThat(returning.of(4)).isEqualTo(4);

        returning.observe(4, -3);
        assertThat(returning.of(4)).isEqualTo(2);
    }
}
