package io.bytelm.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bytelm.constraint.ConstraintException.Reason;
import org.junit.jupiter.api.Test;

class RecursionTest {
    /** Deeper than any stack; Error Prone knows a recursion without an end. */
    private static int descend(int levels) {
        return levels == 0 ? 0 : 1 + descend(levels - 1);
    }

    @Test
    void aStackThatIsTooSmallForASourceRefusesTheSourceAndFailsNoTask() {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> Recursion.bounded(() -> descend(Integer.MAX_VALUE)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_DEEP));
    }
}
