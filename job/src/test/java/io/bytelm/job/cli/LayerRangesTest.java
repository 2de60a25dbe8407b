package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How the layers of a model are named. */
class LayerRangesTest {
    @Test
    void neighboursAreARange() {
        assertThat(LayerRanges.of(List.of(0, 1, 2, 4, 6, 7))).isEqualTo("0-2, 4, 6-7");
        assertThat(LayerRanges.of(List.of(3))).isEqualTo("3");
        assertThat(LayerRanges.of(List.of())).isEmpty();
    }
}
