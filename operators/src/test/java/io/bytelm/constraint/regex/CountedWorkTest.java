package io.bytelm.constraint.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.ProcessorTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What takes time and builds little is counted too. */
class CountedWorkTest {
    private static void assertTooSlow(String pattern) {
        CompileBudget budget = CompileBudget.start(CompileLimits.DEFAULT);
        Duration worked = ProcessorTime.of(() -> assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> Regex.compile(pattern, RegexOptions.FULL_MATCH, budget))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_SLOW)));
        assertThat(budget.chargedBytes()).isLessThan(CompileLimits.DEFAULT.memoryBytes());
        // the limit is two seconds of work; the rest is for a slow machine
        assertThat(worked).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void manyUnicodeClassesInOneClass() {
        assertTooSlow("[" + "\\p{L}".repeat(20_000) + "]");
    }

    @Test
    void manyLookBehinds() {
        assertTooSlow("(?:(?<!a)b?)".repeat(1500) + "c");
    }
}
