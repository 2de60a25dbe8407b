package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When something is said about checkpoints, and what. */
class CheckpointHealthTest {
    private static final long START_MILLIS = 1_000_000;
    private static final long NORMAL_MILLIS = 123_000;

    private final CheckpointHealth health = new CheckpointHealth(START_MILLIS, NORMAL_MILLIS);

    @Test
    void nothingIsSaidWhileCheckpointsCompleteNowAndThen() {
        for (int id = 1; id < 100; id++) {
            long nowMillis = START_MILLIS + id * 1000L;
            if (id % 3 == 0) {
                assertThat(health.completed(id, nowMillis)).isEmpty();
            } else {
                health.failed(id);
            }
            assertThat(health.complaint(nowMillis)).isEmpty();
        }
    }

    @Test
    void theThirdFailureInARowIsSaidOnceAndThatItIsOver() {
        health.failed(1);
        health.failed(2);
        health.failed(2); // told twice
        assertThat(health.complaint(START_MILLIS + 80_000)).isEmpty();
        health.failed(3);
        assertThat(health.failedInARow()).isEqualTo(3);
        assertThat(health.complaint(START_MILLIS + 95_000))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith(
                                "No checkpoint has completed for 95 s (3 failed in a row): the outputs since then"));
        health.failed(4);
        assertThat(health.complaint(START_MILLIS + 96_000)).isEmpty();
        assertThat(health.completed(5, START_MILLIS + 240_000))
                .hasValueSatisfying(line -> assertThat(line).startsWith("Checkpoints complete again, after 240 s"));
        assertThat(health.completed(5, START_MILLIS + 250_000)).isEmpty();
        assertThat(health.failedInARow()).isZero();
        assertThat(health.millisSinceLast(START_MILLIS + 241_000)).isEqualTo(1000);
    }

    @Test
    void itIsSaidOnceAMinuteWhileItLasts() {
        for (int id = 1; id <= 3; id++) {
            health.failed(id);
        }
        assertThat(health.complaint(START_MILLIS)).isPresent();
        assertThat(health.complaint(START_MILLIS + 59_000)).isEmpty();
        assertThat(health.complaint(START_MILLIS + 60_000)).isPresent();
    }

    @Test
    void checkpointsThatNeitherCompleteNorFailAreMissedToo() {
        assertThat(health.complaint(START_MILLIS + NORMAL_MILLIS)).isEmpty();
        assertThat(health.complaint(START_MILLIS + NORMAL_MILLIS + 1))
                .hasValueSatisfying(line -> assertThat(line).startsWith("No checkpoint has completed for 123 s: "));
    }
}
