package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** How far chances are believed. */
class GuessCalibrationTest {
    private final GuessCalibration calibration = new GuessCalibration();

    @Test
    void chancesAreBelievedAtFirst() {
        assertThat(calibration.usedOfExpected()).isEqualTo(1);
    }

    @Test
    void whereAQuarterComesTrueTheyAreBelievedAQuarter() {
        for (int pass = 0; pass < 1000; pass++) {
            calibration.guessed(4, pass);
        }
        assertThat(calibration.usedOfExpected()).isCloseTo(0.25, within(0.01));
    }

    @Test
    void chancesAreNoMoreThanBelievedWhereMoreComesTrue() {
        for (int pass = 0; pass < 1000; pass++) {
            calibration.guessed(0.5, pass);
        }
        assertThat(calibration.usedOfExpected()).isEqualTo(1);
    }

    @Test
    void whatIsCertainIsTriedAgainHoweverFewAreUsed() {
        for (int pass = 0; pass < 1000; pass++) {
            calibration.guessed(10, 0);
        }
        assertThat(calibration.usedOfExpected()).isEqualTo(0.1);
    }
}
