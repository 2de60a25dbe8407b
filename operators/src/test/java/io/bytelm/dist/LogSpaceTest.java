package io.bytelm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogSpaceTest {
    private static final double ZERO = Double.NEGATIVE_INFINITY;

    @Test
    void sumsOfTinyProbabilitiesDoNotUnderflow() {
        assertThat(LogSpace.logAdd(-1000, -1000)).isCloseTo(-1000 + Math.log(2), within(1e-12));
        assertThat(LogSpace.logSumExp(-1000, -1000, -1000, -1000)).isCloseTo(-1000 + Math.log(4), within(1e-12));
    }

    @Test
    void zeroIsNeutralInSums() {
        assertThat(LogSpace.logAdd(ZERO, -3)).isEqualTo(-3);
        assertThat(LogSpace.logAdd(-3, ZERO)).isEqualTo(-3);
        assertThat(LogSpace.logAdd(ZERO, ZERO)).isEqualTo(ZERO);
        assertThat(LogSpace.logSumExp()).isEqualTo(ZERO);
        assertThat(LogSpace.logSumExp(ZERO, ZERO)).isEqualTo(ZERO);
        assertThat(LogSpace.logSumExp(ZERO, -3)).isEqualTo(-3);
    }

    @Test
    void nothingDividedByNothingIsNothing() {
        assertThat(LogSpace.logDivide(ZERO, ZERO)).isEqualTo(ZERO);
        assertThat(LogSpace.logDivide(ZERO, -3)).isEqualTo(ZERO);
        assertThat(LogSpace.logDivide(-5, -3)).isEqualTo(-2);
    }
}
