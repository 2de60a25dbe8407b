package io.bytelm.beam;

import io.bytelm.beam.PathMasses.Edge;
import io.bytelm.service.ExpandRequest;

/** What may come next, and how much of a hypothesis's mass goes on with it. */
sealed interface Reach {
    /** Whether the hypothesis has been told what {@link #logMass} needs. */
    boolean isKnown(Hypothesis hypothesis);

    /** The log weight (nats) of what the hypothesis has for the allowed symbols without closing its token; never NaN. */
    double logMass(Hypothesis hypothesis);

    /** The bytes to ask about: the open ones, and what is known to come. */
    byte[] path(byte[] partial);

    /** From which depth on rows are wanted, as in {@link ExpandRequest}, of a hypothesis with so many open bytes. */
    int rowsFrom(int partialLength);

    /** Any of several symbols. */
    record OfSymbols(AllowedSymbols allowed) implements Reach {
        @Override
        public boolean isKnown(Hypothesis hypothesis) {
            return hypothesis.hasRow();
        }

        @Override
        public double logMass(Hypothesis hypothesis) {
            double[] row = hypothesis.knownMasses().expansion().rows()[hypothesis.partial().length];
            return hypothesis.reweigh(allowed.logMassOf(row));
        }

        @Override
        public byte[] path(byte[] partial) {
            return partial;
        }

        @Override
        public int rowsFrom(int partialLength) {
            return partialLength;
        }
    }

    /** The first of the known bytes, which are not empty. */
    record OfKnown(Lookahead known) implements Reach {
        @Override
        public boolean isKnown(Hypothesis hypothesis) {
            return hypothesis.edge(known.first()) != Edge.UNKNOWN;
        }

        @Override
        public double logMass(Hypothesis hypothesis) {
            return hypothesis.edge(known.first()) == Edge.PRESENT
                    ? hypothesis.reweigh(hypothesis.knownMasses().logMass(hypothesis.partial().length + 1))
                    : Double.NEGATIVE_INFINITY;
        }

        @Override
        public byte[] path(byte[] partial) {
            return known.after(partial);
        }

        @Override
        public int rowsFrom(int partialLength) {
            return known.rows() ? partialLength + 1 : ExpandRequest.NO_ROWS;
        }
    }
}
