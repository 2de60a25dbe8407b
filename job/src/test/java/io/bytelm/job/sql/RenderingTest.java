package io.bytelm.job.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.apache.flink.table.types.logical.DoubleType;
import org.junit.jupiter.api.Test;

/** Numbers as SQL gets them. */
class RenderingTest {
    private static Object shown(double number) {
        Rendering<Double> rendering = Rendering.number(value -> value);
        return Objects.requireNonNullElse(
                Objects.requireNonNull(rendering.as(new DoubleType())).of(number), "NULL");
    }

    @Test
    void whatIsNotFiniteIsNullAsRoundFailsAtIt() {
        assertThat(shown(Double.NEGATIVE_INFINITY)).isEqualTo("NULL");
        assertThat(shown(Double.NaN)).isEqualTo("NULL");
        assertThat(shown(-1e300)).isEqualTo(-1e300);
    }

    @Test
    void thereIsNoMinusZero() {
        assertThat(shown(-0.0)).isEqualTo(0.0);
        TextScore certain = new TextScore(0, 0, 2, 0, new double[2], false);
        assertThat(certain.bitsPerByte()).isEqualTo(0.0);
        assertThat(certain.surprisalBits().toDoubleArray()).containsExactly(0.0, 0.0);
    }
}
