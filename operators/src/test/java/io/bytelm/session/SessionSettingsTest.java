package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.record.InputRecord;
import io.bytelm.record.SourcePosition;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionSettingsTest {
    @Test
    void pausesDoubleUpToTheLongestAndAreBetweenHalfAndWhole() {
        RetrySettings settings = new RetrySettings(100, 1, 10, 100, 0);
        Random random = new Random(0);
        for (int repeat = 0; repeat < 1000; repeat++) {
            assertThat(settings.backoffMillis(1, random)).isBetween(5L, 10L);
            assertThat(settings.backoffMillis(2, random)).isBetween(10L, 20L);
            assertThat(settings.backoffMillis(4, random)).isBetween(40L, 80L);
            assertThat(settings.backoffMillis(5, random)).isBetween(50L, 100L);
            assertThat(settings.backoffMillis(99, random)).isBetween(50L, 100L);
        }
    }

    @Test
    void theSameSeedGivesTheSamePausesAndAnotherOneDoesNot() {
        assertThat(tenPauses(7)).isEqualTo(tenPauses(7)).isNotEqualTo(tenPauses(8));
    }

    private static List<Long> tenPauses(long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, 10)
                .mapToObj(i -> RetrySettings.DEFAULT.backoffMillis(3, random))
                .toList();
    }

    @Test
    void numbersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new RetrySettings(0, 1, 0, 0, 0)).hasMessageContaining("attempts");
        assertThatThrownBy(() -> new RetrySettings(1, 0, 0, 0, 0)).hasMessageContaining("timeout");
        assertThatThrownBy(() -> new RetrySettings(1, 1, 5, 4, 0)).hasMessageContaining("5 ms to 4 ms");
        assertThatThrownBy(() -> new SessionSettings(0, 1, RetrySettings.DEFAULT, ServiceFailurePolicy.FAIL_JOB, 0))
                .hasMessageContaining("capacity");
        assertThatThrownBy(() -> new SessionSettings(1, 0, RetrySettings.DEFAULT, ServiceFailurePolicy.FAIL_JOB, 0))
                .hasMessageContaining("continuations");
        assertThatThrownBy(() -> new SessionSettings(1, 1, RetrySettings.DEFAULT, ServiceFailurePolicy.FAIL_JOB, -1))
                .hasMessageContaining("time to live");
    }

    @Test
    void boundsOfWhatIsHeldAndOfTheBreakerAreNamedToo() {
        assertThatThrownBy(() -> bounded(-1, 1)).hasMessageContaining("records waiting");
        assertThatThrownBy(() -> bounded(0, 0)).hasMessageContaining("bytes held");
        assertThatThrownBy(() -> new BreakerSettings(0, 1, 1)).hasMessageContaining("breaker's failures");
        assertThatThrownBy(() -> new BreakerSettings(1, 0, 1)).hasMessageContaining("0 ms to 1 ms");
        assertThatThrownBy(() -> new BreakerSettings(1, 3, 2)).hasMessageContaining("3 ms to 2 ms");
        assertThatThrownBy(() -> new BreakerSettings(1, 1, 1, 0)).hasMessageContaining("1 ms to a year, got 0 ms");
        assertThatThrownBy(() -> new BreakerSettings(1, 1, 1, Long.MAX_VALUE)).hasMessageContaining("1 ms to a year");
    }

    private static SessionSettings bounded(int maxWaiting, long maxHeldBytes) {
        return new SessionSettings(
                1,
                maxWaiting,
                maxHeldBytes,
                1,
                RetrySettings.DEFAULT,
                BreakerSettings.DEFAULT,
                ServiceFailurePolicy.FAIL_JOB,
                0);
    }

    @Test
    void everyByteStringIsItsOwnSession() {
        assertThat(key(new byte[] {0x41, (byte) 0xFF, 0})).isEqualTo("A\u00FF\0");
        assertThat(key(new byte[0])).isEmpty();
        assertThat(key(null)).isEqualTo("\uFFFF3");
    }

    @Test
    void aLongKeyIsItsOwnSessionAndTakesLittleState() {
        byte[] longest = new byte[SessionKey.LONGEST_KEPT_BYTES];
        byte[] longer = new byte[500_000];
        byte[] another = longer.clone();
        another[499_999] = 1;

        assertThat(key(longest)).hasSize(SessionKey.LONGEST_KEPT_BYTES);
        assertThat(key(longer))
                .hasSizeLessThan(100)
                .isEqualTo(key(longer.clone()))
                .isNotEqualTo(key(another));
        assertThat(key(longer)).startsWith("\uFFFE"); // no key of bytes begins so
    }

    private static String key(byte @Nullable [] bytes) {
        return new SessionKey().getKey(new InputRecord(bytes, null, null, new SourcePosition("in", 3, 0, 0)));
    }
}
