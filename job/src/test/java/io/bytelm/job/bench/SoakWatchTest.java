package io.bytelm.job.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class SoakWatchTest {
    private final SoakWatch watch = new SoakWatch(60);

    @Test
    void theFirstMinuteDoesNotCount() {
        watch.see(full(10, 500));
        watch.see(full(59, 1000));
        watch.see(full(60, 1500));
        watch.see(full(61, 1510));

        SoakResult result = watch.result(full(62, 1500), 0);

        assertThat(settled(result).seconds()).isEqualTo(60);
        assertThat(result.growth()).isBetween(0.0066, 0.0067);
        assertThat(result.failure()).isNull();
    }

    @Test
    void itIsNotSettledWhileACacheStillFills() {
        watch.see(sample(70, 1000, 0.99, 1, 0.9));
        watch.see(sample(80, 1100, 1, 0.9, 0.9));
        assertThat(watch.result(full(80, 1100), 0).settled()).isNull();

        watch.see(sample(90, 1200, 1, 0.96, 0.9));
        assertThat(settled(watch.result(full(91, 1200), 0)).seconds()).isEqualTo(90);
    }

    @Test
    void cachesThatHoldAllDocumentsFillNoFurther() {
        watch.see(sample(70, 1000, 0.3, 0.2, 1));

        assertThat(settled(watch.result(full(71, 1000), 0)).seconds()).isEqualTo(70);
    }

    @Test
    void aPeakBetweenBeginningAndEndIsGrowthToo() {
        watch.see(full(60, 1000));
        watch.see(full(70, 1060));
        watch.see(full(80, 1000));

        assertThat(watch.result(full(81, 1000), 0).failure()).contains("grew by 6.0 %", "more than 5 %");
    }

    @Test
    void aSoakThatNeverSettledFails() {
        MemorySample last = sample(600, 1000, 0.4, 1, 0.5);
        watch.see(last);

        assertThat(watch.result(last, 0).failure())
                .contains("state cache was 40 % full", "probabilities 100 %", "--state-cache-mb");
    }

    @Test
    void aTensorLeftOpenFails() {
        watch.see(full(60, 1000));

        assertThat(watch.result(full(61, 1000), 2).failure()).contains("2 tensors");
    }

    @Test
    void aSystemThatDoesNotSayHowMuchMemoryIsResidentFails() {
        watch.see(full(60, Double.NaN));

        assertThat(watch.result(full(61, Double.NaN), 0).failure()).contains("/proc");
    }

    private static MemorySample full(double seconds, double residentMegabytes) {
        return sample(seconds, residentMegabytes, 1, 1, 0);
    }

    @Test
    void aSoakThatGaveNothingUpFails() {
        watch.see(full(60, 1000));
        MemorySample last = new MemorySample(61, 0, 1000, 1, 1, 0, 5, 0, 0);

        assertThat(watch.result(last, 0).failure()).contains("before a request was cancelled or late");
    }

    private static MemorySample sample(
            double seconds, double residentMegabytes, double stateCacheFill, double rowCacheFill, double rounds) {
        return new MemorySample(seconds, 0, residentMegabytes, stateCacheFill, rowCacheFill, rounds, 5, 1, 1);
    }

    private static MemorySample settled(SoakResult result) {
        return Objects.requireNonNull(result.settled());
    }
}
