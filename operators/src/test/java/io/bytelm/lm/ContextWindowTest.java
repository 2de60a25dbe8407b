package io.bytelm.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ContextWindowTest {
    @Test
    void aContextThatFitsIsReadWhole() {
        TokenContext context = TokenContext.of(5, 6, 7);
        assertThat(new ContextWindow(3, 1).apply(context)).isSameAs(context);
    }

    @Test
    void withAStrideOfOneJustTheNewestTokensStay() {
        assertThat(new ContextWindow(3, 1).apply(TokenContext.of(0, 1, 2, 3, 4)))
                .isEqualTo(TokenContext.of(2, 3, 4));
    }

    @Test
    void withALargerStrideTheBeginningMovesRarely() {
        ContextWindow window = new ContextWindow(10, 4);
        int[] dropped = new int[20];
        for (int length = 1; length <= 20; length++) {
            dropped[length - 1] = window.droppedTokens(length);
        }
        assertThat(dropped).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12);
    }

    @Test
    void whatStaysNeverExceedsTheWindowAndIsNeverEmpty() {
        for (int max = 1; max <= 9; max++) {
            for (int stride = 1; stride <= max; stride++) {
                for (int length = 1; length <= 40; length++) {
                    int kept = length - new ContextWindow(max, stride).droppedTokens(length);
                    assertThat(kept).isBetween(Math.min(length, max - stride + 1), max);
                }
            }
        }
    }

    @Test
    void aStrideBeyondTheWindowIsRefused() {
        assertThatThrownBy(() -> new ContextWindow(8, 9))
                .hasMessageContaining("stride is 9")
                .hasMessageContaining("1 .. 8");
        assertThatThrownBy(() -> new ContextWindow(0, 1)).hasMessageContaining("at least 1");
    }
}
