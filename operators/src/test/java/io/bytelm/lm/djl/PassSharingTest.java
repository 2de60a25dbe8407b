package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Of a machine with two processors, except where a test says another number. */
class PassSharingTest {
    private static final int FEW = 32;
    private static final int MANY = 128;
    private static final long USUAL = millis(100);
    private static final double UNDISTURBED = 1;
    private static final double HALF = 0.5;

    private long nowNanos = 1;
    private double others;
    private final PassSharing sharing =
            new PassSharing(2, true, PassSharing.FULL_PART_ROWS, () -> nowNanos, () -> others);

    /** Each expert sees a quarter of the rows. */
    private PassSharing withExperts(boolean halved) {
        int rows = PassSharing.fullPartRowsWithExperts(0.25, halved);
        return new PassSharing(2, true, rows, () -> nowNanos, () -> others);
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void teamTakes(int rows, long nanos) {
        assertThat(sharing.parts(rows)).isEqualTo(PassSharing.TEAM);
        nowNanos += nanos;
        sharing.teamTook(rows, nanos);
    }

    private void lanesTake(int rows, int parts, long nanos, double leastShare) {
        assertThat(sharing.parts(rows)).isEqualTo(parts);
        nowNanos += nanos;
        sharing.lanesTook(rows, nanos, leastShare);
    }

    private void isDisturbed() {
        teamTakes(FEW, 5 * USUAL);
        teamTakes(FEW, 5 * USUAL);
    }

    @Test
    void undisturbedTheTeamTakesSmallPassesAndLanesLargeOnes() {
        for (int pass = 0; pass < 5; pass++) {
            teamTakes(1, USUAL / 3);
            teamTakes(FEW, USUAL);
            lanesTake(MANY, 2, 3 * USUAL, UNDISTURBED);
        }
        assertThat(new PassSharing(8, true, PassSharing.FULL_PART_ROWS, () -> nowNanos, () -> others).parts(MANY))
                .as("of 8 parts none is large enough")
                .isEqualTo(PassSharing.TEAM);
    }

    @Test
    void passesOfLongContextsAreComputedInPartsFromFewRowsOn() {
        assertThat(sharing.parts(15, 1_000)).isEqualTo(PassSharing.TEAM);
        assertThat(sharing.parts(16, 1_000)).isEqualTo(2);
        assertThat(sharing.parts(16, 255)).isEqualTo(PassSharing.TEAM);
    }

    @Test
    void withOneThreadThereIsNothingToShareOut() {
        PassSharing one = new PassSharing(1, true, PassSharing.FULL_PART_ROWS, () -> nowNanos, () -> others);
        assertThat(one.parts(MANY)).isEqualTo(PassSharing.TEAM);
        one.teamTook(MANY, USUAL);
        one.teamTook(MANY, 9 * USUAL);
        assertThat(one.parts(MANY)).isEqualTo(PassSharing.TEAM);
    }

    @Test
    void aTeamThatTakesFarLongerThanBeforeHandsOverToLanesForAllSizes() {
        teamTakes(FEW, USUAL);
        teamTakes(FEW, 5 * USUAL);
        teamTakes(FEW, USUAL);
        isDisturbed();
        lanesTake(FEW, 1, 2 * USUAL, UNDISTURBED);
        lanesTake(1, 1, USUAL, UNDISTURBED);
        lanesTake(MANY, 3, 4 * USUAL, HALF);
    }

    @Test
    void aPassOfMoreRowsIsNoDisturbance() {
        for (int rows = 1; rows < 90; rows++) {
            teamTakes(rows, rows * USUAL);
        }
    }

    @Test
    void aLaneThatWaitsForItsProcessorKeepsSmallPassesFromTheTeamToo() {
        teamTakes(FEW, USUAL);
        lanesTake(MANY, 2, 5 * USUAL, HALF);
        lanesTake(FEW, 1, 2 * USUAL, UNDISTURBED);
    }

    @Test
    void theTeamTriesAgainWhenLanesNoLongerWaitAndNothingElseRuns() {
        teamTakes(FEW, USUAL);
        isDisturbed();
        others = 1;
        for (int pass = 0; pass < 20; pass++) {
            lanesTake(FEW, 1, 2 * USUAL, UNDISTURBED);
        }
        lanesTake(MANY, 3, 4 * USUAL, HALF);
        others = 0;
        for (int pass = 0; pass < 5; pass++) {
            lanesTake(FEW, 1, 2 * USUAL, UNDISTURBED);
        }
        teamTakes(FEW, USUAL);
        teamTakes(FEW, USUAL);
    }

    @Test
    void eachTrialThatFailsMakesThePauseToTheNextOneLongerAndOneThatSucceedsShort() {
        teamTakes(FEW, USUAL);
        isDisturbed();
        long earlier = millis(900);
        for (int trial = 0; trial < 5; trial++) {
            long pause = pauseUntilTheTeamTriesAgain();
            assertThat(pause).isGreaterThan(earlier);
            earlier = pause;
            teamTakes(FEW, 5 * USUAL);
        }
        pauseUntilTheTeamTriesAgain();
        teamTakes(FEW, USUAL);
        isDisturbed();
        assertThat(pauseUntilTheTeamTriesAgain()).isLessThan(millis(1_200));
    }

    private long pauseUntilTheTeamTriesAgain() {
        long startNanos = nowNanos;
        while (sharing.parts(FEW) != PassSharing.TEAM) {
            nowNanos += millis(50);
            assertThat(nowNanos - startNanos).isLessThan(millis(40_000));
        }
        return nowNanos - startNanos;
    }

    @Test
    void passesThatHaveBecomeLongerByThemselvesStayWithTheTeam() {
        teamTakes(FEW, USUAL);
        teamTakes(FEW, 3 * USUAL);
        teamTakes(FEW, 3 * USUAL);
        lanesTake(FEW, 1, 4 * USUAL, UNDISTURBED);
        teamTakes(FEW, 3 * USUAL);
        teamTakes(FEW, 3 * USUAL);
    }

    @Test
    void passesThatGrowSlowlyAreNoDisturbance() {
        long took = USUAL;
        for (int pass = 0; pass < 200; pass++) {
            teamTakes(FEW, took);
            took += took / 100;
        }
        assertThat(took).isGreaterThan(5 * USUAL);
    }

    @Test
    void rowsThatHangTogetherAreForTheTeamUnlessItIsDisturbed() {
        assertThat(sharing.isForTheTeam(MANY, 2, 80)).isTrue();
        assertThat(sharing.isForTheTeam(MANY, 2, 70)).isFalse();
        sharing.lanesTook(MANY, USUAL, HALF);
        assertThat(sharing.isForTheTeam(MANY, 3, MANY)).isFalse();
    }

    @Test
    void rowsThatChooseAmongExpertsAreTheTeamsUntilEachWeightSeesEnoughOfThem() {
        PassSharing experts = withExperts(false);
        assertThat(experts.parts(128)).isEqualTo(PassSharing.TEAM);
        assertThat(experts.parts(380)).isEqualTo(PassSharing.TEAM);
        assertThat(experts.parts(384)).isEqualTo(2);
        assertThat(withExperts(true).parts(63)).as("read in half of the time").isEqualTo(PassSharing.TEAM);
        assertThat(withExperts(true).parts(64)).isEqualTo(2);
    }

    @Test
    void aSmallModelIsComputedInPartsWhateverTheNumberOfRows() {
        PassSharing small = new PassSharing(2, false, PassSharing.FULL_PART_ROWS, () -> nowNanos, () -> others);
        assertThat(small.parts(1)).isEqualTo(1);
        assertThat(small.parts(FEW)).isEqualTo(2);
        assertThat(small.isForTheTeam(MANY, 2, MANY)).isFalse();
        assertThat(small.isForTheTeam(2 * MANY, 2, 2 * MANY)).isTrue();
        small.lanesTook(FEW, USUAL, HALF);
        assertThat(small.parts(1)).isEqualTo(1);
        assertThat(small.parts(FEW)).as("a lane that is left alone takes two").isEqualTo(3);
    }
}
