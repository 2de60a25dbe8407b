package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
    @Test
    void smallBatchesStayAsTheyAre() {
        assertThat(IntStream.rangeClosed(1, 8).map(BatchSize::roundUp)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void aRoundedSizeIsRounded() {
        assertThat(IntStream.rangeClosed(1, 1024)
                        .filter(n -> BatchSize.roundUp(BatchSize.roundUp(n)) != BatchSize.roundUp(n)))
                .isEmpty();
    }

    @Test
    void fewSizesRemainAndNoneIsMuchLarger() {
        assertThat(IntStream.rangeClosed(1, 1024)
                        .map(BatchSize::roundUp)
                        .distinct()
                        .count())
                .isEqualTo(60);
        for (int rows = 9; rows <= 1024; rows++) {
            assertThat(BatchSize.roundUp(rows)).isGreaterThanOrEqualTo(rows);
            assertThat(BatchSize.roundUp(rows) - rows).isLessThanOrEqualTo(Math.max(1, (rows - 1) / 8));
        }
    }

    @Test
    void powersOfTwoLeaveElevenSizes() {
        assertThat(IntStream.rangeClosed(1, 1024).map(BatchSize::powerOfTwo).distinct())
                .containsExactly(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024);
        for (int rows = 1; rows <= 1024; rows++) {
            assertThat(BatchSize.powerOfTwo(rows)).isBetween(rows, 2 * rows - 1);
        }
    }
}
