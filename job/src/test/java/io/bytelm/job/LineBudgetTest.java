package io.bytelm.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineBudgetTest {
    private static final long START_NANOS = -5_000_000_000L; // the clock may be anywhere

    private final LineBudget budget = new LineBudget(3);

    private LineBudget.Decision lineAtSecond(long second) {
        return budget.line(START_NANOS + TimeUnit.SECONDS.toNanos(second));
    }

    @Test
    void soManyLinesAMinuteAreSaidAndTheOthersCounted() {
        for (int i = 0; i < 3; i++) {
            assertThat(lineAtSecond(i)).isEqualTo(new LineBudget.Decision(true, 0));
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(lineAtSecond(4)).isEqualTo(new LineBudget.Decision(false, 0));
        }
        assertThat(lineAtSecond(60)).isEqualTo(new LineBudget.Decision(true, 1000));
        assertThat(lineAtSecond(61)).isEqualTo(new LineBudget.Decision(true, 0));
    }

    @Test
    void theCountIsDueOnceAfterItsMinuteAlsoWhenNothingFollows() {
        for (int i = 0; i < 5; i++) {
            lineAtSecond(0);
        }
        assertThat(budget.due(START_NANOS + TimeUnit.SECONDS.toNanos(59))).isZero();
        assertThat(budget.due(START_NANOS + TimeUnit.SECONDS.toNanos(60))).isEqualTo(2);
        assertThat(budget.due(START_NANOS + TimeUnit.SECONDS.toNanos(61))).isZero();
    }

    @Test
    void whatIsLeftAtTheEndIsToldOnce() {
        for (int i = 0; i < 4; i++) {
            lineAtSecond(0);
        }
        assertThat(budget.rest()).isEqualTo(1);
        assertThat(budget.rest()).isZero();
    }
}
