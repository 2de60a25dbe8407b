package io.bytelm.job.likelihood.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bytelm.job.likelihood.scoring.Windows.Window;
import org.junit.jupiter.api.Test;

class WindowsTest {
    @Test
    void everyByteCountsOnceAfterAsMuchContextAsTheGuideSays() {
        assertThat(new Windows(10, 4).of(20))
                .containsExactly(
                        new Window(0, 0, 10), new Window(4, 10, 14), new Window(8, 14, 18), new Window(12, 18, 20));
    }

    @Test
    void windowsCoverDocumentsOfEveryLength() {
        for (int window = 1; window < 8; window++) {
            for (int stride = 1; stride <= window; stride++) {
                for (int length = 0; length < 40; length++) {
                    requireCover(new Windows(window, stride), length);
                }
            }
        }
    }

    private static void requireCover(Windows windows, int length) {
        int scored = 0;
        int index = 0;
        for (Window window : windows.of(length)) {
            assertThat(window.from()).isEqualTo(index++ * windows.strideBytes());
            assertThat(window.scoredFrom()).isEqualTo(scored).isGreaterThanOrEqualTo(window.from());
            assertThat(window.to()).isGreaterThan(scored);
            assertThat(window.to() - window.from()).isLessThanOrEqualTo(windows.windowBytes());
            scored = window.to();
        }
        assertThat(scored).isEqualTo(length);
    }

    @Test
    void withoutWindowsTheDocumentIsOne() {
        assertThat(Windows.NONE.of(1000)).containsExactly(new Window(0, 0, 1000));
        assertThat(Windows.NONE.of(0)).isEmpty();
    }

    @Test
    void aStrideThatLeavesBytesOutIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Windows(10, 11))
                .withMessageContaining("got a window of 10");
        assertThatIllegalArgumentException().isThrownBy(() -> new Windows(10, 0));
    }
}
