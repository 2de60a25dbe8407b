package io.bytelm.job.likelihood.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.likelihood.scoring.ScoringRoom.Share;
import io.bytelm.job.likelihood.scoring.ScoringRoom.Size;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ScoringRoomTest {
    private static final Window WINDOW = new Window(0, 0, 300); // 101 tokens
    private static final Window SHORT = new Window(0, 0, 1);
    private static final int MANY = 1000;

    private final Object job = new Object();
    private final AtomicInteger told = new AtomicInteger();
    private Size size = new Size(2, Long.MAX_VALUE, Long.MAX_VALUE);
    private final AtomicInteger toldTheOther = new AtomicInteger();

    private Share share() {
        return ScoringRoom.join(job, size, told::incrementAndGet);
    }

    private Share other() {
        return ScoringRoom.join(job, size, toldTheOther::incrementAndGet);
    }

    @Test
    void windowsBeginAsLongAsTheModelKeepsTheStatesOfAllOfThem() {
        size = new Size(MANY, 202, Long.MAX_VALUE);
        try (Share share = share()) {
            assertThat(share.take(WINDOW)).isTrue();
            assertThat(share.take(WINDOW)).isTrue();
            assertThat(share.take(SHORT)).isFalse();
            share.giveBack(WINDOW);
            assertThat(share.take(new Window(0, 0, 306))).isFalse();
            assertThat(share.take(WINDOW)).isTrue();
        }
    }

    @Test
    void aWindowAloneMayBeginHoweverLongItIs() {
        size = new Size(MANY, 10, Long.MAX_VALUE);
        try (Share share = share();
                Share other = other()) {
            assertThat(share.take(WINDOW)).isTrue();
            assertThat(other.take(WINDOW)).isFalse();
            share.giveBack(WINDOW);
            assertThat(other.take(WINDOW)).isTrue();
            other.giveBack(WINDOW);
        }
    }

    @Test
    void aWindowCountsWithItsContextNotOnlyWithWhatIsScored() {
        size = new Size(MANY, 150, Long.MAX_VALUE);
        try (Share share = share()) {
            assertThat(share.take(new Window(0, 200, 300))).isTrue();
            assertThat(share.take(WINDOW)).isFalse();
        }
    }

    @Test
    void aLongWindowCountsNoMoreThanTheModelReadsOfIt() {
        size = new Size(MANY, 202, 50);
        try (Share share = share()) {
            for (int i = 0; i < 4; i++) {
                assertThat(share.take(new Window(0, 0, 1_000_000))).isTrue();
            }
            assertThat(share.take(WINDOW)).isFalse();
        }
    }

    @Test
    void oneSubtaskTakesAllThatTheOthersLeave() {
        try (Share share = share();
                Share other = other()) {
            assertThat(share.take(SHORT)).isTrue();
            assertThat(share.take(SHORT)).isTrue();
            assertThat(other.take(SHORT)).isFalse();
            assertThat(share.take(SHORT)).isFalse();
            share.giveBack(SHORT);
            assertThat(other.take(SHORT)).isTrue();
            assertThat(share.take(SHORT)).isFalse();
            other.giveBack(SHORT);
        }
    }

    @Test
    void whoWaitsIsToldOnceWhenAWindowHasEnded() {
        try (Share share = share();
                Share other = other()) {
            share.take(SHORT);
            share.take(SHORT);
            share.giveBack(SHORT);
            assertThat(toldTheOther).as("nobody waited").hasValue(0);
            share.take(SHORT);
            other.take(SHORT);
            share.giveBack(SHORT);
            share.giveBack(SHORT);
            assertThat(toldTheOther).hasValue(1);
            assertThat(told).hasValue(0);
        }
    }

    @Test
    void aSubtaskThatEndsLeavesItsRoomToTheOthers() {
        try (Share other = other()) {
            Share share = share();
            share.take(SHORT);
            share.take(SHORT);
            assertThat(other.take(SHORT)).isFalse();
            share.close();
            share.close();
            assertThat(toldTheOther).hasValue(1);
            assertThat(other.take(SHORT)).isTrue();
            assertThat(other.take(SHORT)).isTrue();
            assertThat(other.take(SHORT)).isFalse();
        }
    }

    @Test
    void aRoomThatAllHaveLeftIsForgotten() {
        share().close();
        size = new Size(1, Long.MAX_VALUE, Long.MAX_VALUE);
        try (Share share = share()) {
            assertThat(share.take(SHORT)).isTrue();
            assertThat(share.take(SHORT)).as("in a room of the new size").isFalse();
        }
    }

    @Test
    void jobsDoNotShare() {
        try (Share share = share();
                Share another = ScoringRoom.join(new Object(), size, told::incrementAndGet)) {
            share.take(SHORT);
            share.take(SHORT);
            assertThat(another.take(SHORT)).isTrue();
        }
    }
}
