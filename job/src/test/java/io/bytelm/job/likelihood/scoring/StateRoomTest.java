package io.bytelm.job.likelihood.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.likelihood.scoring.Windows.Window;
import org.junit.jupiter.api.Test;

class StateRoomTest {
    private static final Window WINDOW = new Window(0, 0, 300); // 101 tokens

    @Test
    void windowsBeginAsLongAsTheModelKeepsTheStatesOfAllOfThem() {
        StateRoom room = new StateRoom(202);
        room.take(WINDOW);
        assertThat(room.isThereFor(WINDOW)).isTrue();
        room.take(WINDOW);
        assertThat(room.isThereFor(new Window(0, 0, 1))).isFalse();
        room.giveBack(WINDOW);
        assertThat(room.isThereFor(WINDOW)).isTrue();
        assertThat(room.isThereFor(new Window(0, 0, 306))).isFalse();
    }

    @Test
    void aWindowAloneMayBeginHoweverLongItIs() {
        StateRoom room = new StateRoom(10);
        assertThat(room.isThereFor(WINDOW)).isTrue();
        room.take(WINDOW);
        assertThat(room.isThereFor(WINDOW)).isFalse();
        room.giveBack(WINDOW);
        assertThat(room.isThereFor(WINDOW)).isTrue();
    }

    @Test
    void aWindowCountsWithItsContextNotOnlyWithWhatIsScored() {
        StateRoom room = new StateRoom(150);
        room.take(new Window(0, 200, 300));
        assertThat(room.isThereFor(WINDOW)).isFalse();
    }
}
