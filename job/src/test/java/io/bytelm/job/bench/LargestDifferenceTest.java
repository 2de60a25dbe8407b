package io.bytelm.job.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LargestDifferenceTest {
    private final LargestDifference largest = new LargestDifference(-20);

    @Test
    void theLargestOfAllCounts() {
        largest.add(new double[] {-1, -2, -3}, new double[] {-1.5, -2.25, -3});
        assertThat(largest.nats()).isEqualTo(0.5);
        assertThat(largest.compared()).isEqualTo(3);
    }

    @Test
    void whatIsRareOnBothSidesIsLeftOutAndOnOneSideIsNot() {
        largest.add(-30, Double.NEGATIVE_INFINITY);
        assertThat(largest.compared()).isZero();
        largest.add(-19, -21);
        assertThat(largest.nats()).isEqualTo(2);
    }

    @Test
    void whatIsNoNumberOrMissingDiffersFromAnything() {
        largest.add(-1, Double.NaN);
        assertThat(largest.nats()).isInfinite();
        LargestDifference other = new LargestDifference(-20);
        other.add(new double[] {-1}, new double[] {-1, -2});
        assertThat(other.nats()).isInfinite();
    }

    @Test
    void nothingComparedHoldsNothing() {
        assertThat(new DeviceComparison.Difference("nothing", 0, 0, 1).holds()).isFalse();
        assertThat(new DeviceComparison.Difference("too much", 5, 1.1, 1).holds())
                .isFalse();
        assertThat(new DeviceComparison.Difference("little", 5, 0.9, 1).holds()).isTrue();
    }
}
