package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.service.Expansion;

/** Compares answers as exactly as the wire is. */
final class Expansions {
    private static final double ROW_TOLERANCE = 1e-5;
    private static final double TOLERANCE = 1e-6; // sums are taken in another order

    private Expansions() {}

    static void assertSame(Expansion actual, Expansion expected) {
        assertThat(actual.depth()).isEqualTo(expected.depth());
        assertClose(actual.logMass(), expected.logMass(), TOLERANCE);
        assertClose(new double[] {actual.eosLogMass()}, new double[] {expected.eosLogMass()}, TOLERANCE);
        for (int depth = 0; depth <= expected.depth(); depth++) {
            assertThat(actual.endTokens()[depth]).isEqualTo(expected.endTokens()[depth]);
            assertClose(actual.endLogMass()[depth], expected.endLogMass()[depth], TOLERANCE);
            assertThat(actual.rows()[depth] == null).isEqualTo(expected.rows()[depth] == null);
            if (expected.rows()[depth] != null) {
                assertClose(actual.rows()[depth], expected.rows()[depth], ROW_TOLERANCE);
            }
        }
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] == Double.NEGATIVE_INFINITY) {
                assertThat(actual[i]).isEqualTo(expected[i]);
            } else {
                assertThat(actual[i]).isCloseTo(expected[i], within(tolerance));
            }
        }
    }
}
