package io.bytelm.record;

import io.bytelm.beam.Beam;
import io.bytelm.lm.TokenContext;
import java.util.List;

/** What a scoring session remembers from one record to the next. Immutable. */
public sealed interface SessionState
        permits SessionState.Open, SessionState.DeadEnd, SessionState.Ended, DecodingState {
    /** The token contexts of its beam; none where there is no beam. */
    default List<TokenContext> contexts() {
        return List.of();
    }

    /** The same state on other contexts, as many as {@link #contexts} gives. */
    default SessionState withContexts(List<TokenContext> contexts) {
        return this;
    }

    /**
     * Sums over a session; the prompt is not counted.
     *
     * @param bytes bytes scored
     * @param logLikelihood log P of them after the prompt (nats)
     * @param emittedBytes how many of those bytes the records emitted so far cover
     * @param emittedLogLikelihood log P of those (nats)
     */
    record Totals(long bytes, double logLikelihood, long emittedBytes, double emittedLogLikelihood) {
        /** Before the first byte. */
        public static final Totals NONE = new Totals(0, 0, 0, 0);

        /** These totals with more bytes scored. */
        public Totals scored(long moreBytes, double newLogLikelihood) {
            return new Totals(bytes + moreBytes, newLogLikelihood, emittedBytes, emittedLogLikelihood);
        }

        /** These totals once a record has told them. */
        public Totals emitted() {
            return new Totals(bytes, logLikelihood, bytes, logLikelihood);
        }
    }

    /**
     * The session takes bytes.
     *
     * @param beam the hypotheses after the last byte, not pruned; it carries the session's settings
     * @param emission what is to be emitted, and when
     * @param baseline {@code beam.logZ()} (nats) before the first scored byte: the prompt's share
     */
    record Open(Beam beam, Emission emission, double baseline, Totals totals) implements SessionState {
        @Override
        public List<TokenContext> contexts() {
            return beam.contexts();
        }

        @Override
        public Open withContexts(List<TokenContext> contexts) {
            return with(beam.withContexts(contexts), totals);
        }

        /** The same session further on. */
        public Open with(Beam newBeam, Totals newTotals) {
            return new Open(newBeam, emission, baseline, newTotals);
        }

        /**
         * The session without what the service said, which can be asked again: a million idle sessions must be cheap, on
         * the heap too.
         */
        public Open stored() {
            return with(beam.withoutMasses(), totals);
        }
    }

    /** The beam ran dry: the session takes no bytes, only its end. */
    record DeadEnd(Totals totals) implements SessionState {}

    /** The session was ended; a new {@code open} starts it afresh. */
    record Ended() implements SessionState {}
}
