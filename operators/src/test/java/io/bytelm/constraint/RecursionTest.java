package io.bytelm.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bytelm.constraint.ConstraintException.Reason;
import org.junit.jupiter.api.Test;

class RecursionTest {
    private static int depthWithoutEnd(int depth) {
        return 1 + depthWithoutEnd(depth + 1);
    }

    @Test
    void aStackThatIsTooSmallForASourceRefusesTheSourceAndFailsNoTask() {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> Recursion.bounded(() -> depthWithoutEnd(0)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_DEEP));
    }
}
