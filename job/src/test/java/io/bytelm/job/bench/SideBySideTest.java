package io.bytelm.job.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SideBySideTest {
    private static final double EXACT = 1e-12;

    @Test
    void whatIsComparedIsTheTurnsOfARound() {
        SideBySide threeRounds = SideBySide.NONE.plus(1000, 900).plus(100, 95).plus(500, 50); // the last was disturbed

        assertEquals(0.9, threeRounds.ratio(), EXACT);
        assertEquals(1600.0 / 3, threeRounds.embedded(), EXACT);
        assertEquals(1045.0 / 3, threeRounds.remote(), EXACT);
    }

    @Test
    void ofTwoRoundsTheMiddleLiesBetween() {
        assertEquals(0.75, SideBySide.NONE.plus(1000, 1000).plus(100, 50).ratio(), EXACT);
    }
}
