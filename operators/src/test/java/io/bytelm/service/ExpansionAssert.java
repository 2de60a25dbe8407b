package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/** Compares answers number by number. */
final class ExpansionAssert {
    private ExpansionAssert() {}

    /**
     * Fails if two answers differ.
     *
     * @param nats how far numbers may be apart
     * @param what names the answer
     */
    static void assertSame(Expansion actual, Expansion expected, double nats, String what) {
        assertClose(actual.logMass(), expected.logMass(), nats, what + ": log mass");
        assertThat(actual.endTokens()).as(what).isDeepEqualTo(expected.endTokens());
        assertThat(actual.rows().length).as(what).isEqualTo(expected.rows().length);
        for (int d = 0; d <= expected.depth(); d++) {
            assertClose(actual.endLogMass()[d], expected.endLogMass()[d], nats, what + ": end mass at depth " + d);
            if (expected.rows()[d] == null) {
                assertThat(actual.rows()[d]).as(what).isNull();
            } else {
                assertClose(actual.rows()[d], expected.rows()[d], nats, what + ": row at depth " + d);
            }
        }
        double[] eos = {expected.eosLogMass()};
        assertClose(new double[] {actual.eosLogMass()}, eos, nats, what + ": EOS mass");
    }

    private static void assertClose(double[] actual, double[] expected, double nats, String what) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (actual[i] != expected[i] && !(Math.abs(actual[i] - expected[i]) <= nats)) {
                fail("%s: place %s is %s, expected %s", what, i, actual[i], expected[i]);
            }
        }
    }
}
