package io.bytelm.record;

import io.bytelm.lm.TokenContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a session remembers from one record to the next. Immutable. */
public sealed interface SessionState
        permits SessionState.Open,
                SessionState.DeadEnd,
                SessionState.Ended,
                SessionState.Partway,
                SessionState.Opening,
                DecodingState {
    /** The token contexts that it reads on from; none where it does not. */
    default List<TokenContext> contexts() {
        return List.of();
    }

    /** The same by the models that read, see {@link Reading#contextsByModel}. */
    default List<List<TokenContext>> contextsByModel() {
        return List.of(contexts());
    }

    /**
     * The longest context, in tokens, that any of its numbers was computed from; 0 for a session that is not open. Not of
     * contexts that stand for others in a stored state.
     */
    default int longestContext() {
        return 0;
    }

    /** The same state on other contexts, as many as {@link #contexts} gives. */
    default SessionState withContexts(List<TokenContext> contexts) {
        return this;
    }

    /**
     * Sums over a session; the prompt is not counted.
     *
     * @param bytes bytes scored, or left out
     * @param logLikelihood log P of them after the prompt (nats)
     * @param emittedBytes how many of those bytes the records emitted so far cover
     * @param emittedLogLikelihood log P of those (nats)
     * @param logLikelihoodUpper what log P of all bytes scored is not above (nats), {@code logLikelihood} being what it is
     *     not below; null where that is not known: of a session that reads over all tokenizations
     * @param skippedBytes how many of the bytes were left out
     */
    record Totals(
            long bytes,
            double logLikelihood,
            long emittedBytes,
            double emittedLogLikelihood,
            @Nullable Double logLikelihoodUpper,
            long skippedBytes) {
        /** Before the first byte. */
        public static final Totals NONE = new Totals(0, 0, 0, 0);

        /** Before the first byte of a session that reads over the canonical tokenizations. */
        public static final Totals CERTIFIED = new Totals(0, 0, 0, 0, 0.0);

        /** Of a session that reads over all tokenizations. */
        public Totals(long bytes, double logLikelihood, long emittedBytes, double emittedLogLikelihood) {
            this(bytes, logLikelihood, emittedBytes, emittedLogLikelihood, null);
        }

        /** Of a session that has left nothing out. */
        public Totals(
                long bytes,
                double logLikelihood,
                long emittedBytes,
                double emittedLogLikelihood,
                @Nullable Double logLikelihoodUpper) {
            this(bytes, logLikelihood, emittedBytes, emittedLogLikelihood, logLikelihoodUpper, 0);
        }

        /** These totals with more bytes scored. */
        public Totals scored(long moreBytes, double newLogLikelihood, @Nullable Double newUpper) {
            return new Totals(
                    bytes + moreBytes, newLogLikelihood, emittedBytes, emittedLogLikelihood, newUpper, skippedBytes);
        }

        /** These totals with one more byte, which was left out. */
        public Totals skippedOne() {
            return new Totals(
                    bytes + 1, logLikelihood, emittedBytes, emittedLogLikelihood, logLikelihoodUpper, skippedBytes + 1);
        }

        private Totals skipping(long newSkippedBytes) {
            return new Totals(
                    bytes, logLikelihood, emittedBytes, emittedLogLikelihood, logLikelihoodUpper, newSkippedBytes);
        }

        /** These totals once a record has told them. */
        public Totals emitted() {
            return new Totals(bytes, logLikelihood, bytes, logLikelihood, logLikelihoodUpper, skippedBytes);
        }
    }

    /**
     * The session takes bytes.
     *
     * @param reading after the last byte; it carries the session's settings. Without what the service said, which can be
     *     asked again: a million idle sessions must be cheap, on the heap too
     * @param emission what is to be emitted, and when
     * @param baseline the log probability (nats) before the first scored byte: the prompt's share
     * @param observations what it says beside its scores
     * @param leftOut of the bytes after the prompt; null for a session that stops at a dead end
     */
    record Open(
            Reading reading,
            Emission emission,
            double baseline,
            Totals totals,
            Observations observations,
            @Nullable LeftOut leftOut)
            implements SessionState {
        /** With nothing beside its scores. */
        public Open(Reading reading, Emission emission, double baseline, Totals totals) {
            this(reading, emission, baseline, totals, Observations.NONE);
        }

        /** Of a session that stops at a dead end. */
        public Open(Reading reading, Emission emission, double baseline, Totals totals, Observations observations) {
            this(reading, emission, baseline, totals, observations, null);
        }

        @Override
        public List<TokenContext> contexts() {
            return reading.contexts();
        }

        @Override
        public int longestContext() {
            return reading.longestContext();
        }

        @Override
        public List<List<TokenContext>> contextsByModel() {
            return reading.contextsByModel();
        }

        @Override
        public Open withContexts(List<TokenContext> contexts) {
            return with(reading.withContexts(contexts), totals, leftOut);
        }

        /** The same session, which reads on after dead ends and has left this out. */
        public Open leavingOut(LeftOut newLeftOut) {
            return new Open(reading, emission, baseline, totals.skipping(newLeftOut.bytes()), observations, newLeftOut);
        }

        /** The same session further on. */
        public Open with(Reading newReading, Totals newTotals, @Nullable LeftOut newLeftOut) {
            return new Open(newReading, emission, baseline, newTotals, observations, newLeftOut);
        }

        /** The same session, which has observed this. */
        public Open with(Observations newObservations) {
            return new Open(reading, emission, baseline, totals, newObservations, leftOut);
        }
    }

    /**
     * No way to read the text is left: the session takes no bytes, only its end.
     *
     * @param longestContext that of its contexts before
     */
    record DeadEnd(Totals totals, int longestContext) implements SessionState {
        /** The same session once a record has told its totals. */
        public DeadEnd emitted() {
            return new DeadEnd(totals.emitted(), longestContext);
        }
    }

    /** The session was ended; a new {@code open} starts it afresh. */
    record Ended() implements SessionState {}

    /**
     * An open session in the middle of a record, between two pieces of it.
     *
     * @param session {@link Open} or {@link DecodingState.Steered}, after the last byte read
     * @param record which record it is
     * @param bytesRead how many bytes of its value were read; the piece that comes next begins with the byte after them
     */
    record Partway(SessionState session, SourcePosition record, int bytesRead) implements SessionState {
        /** @throws IllegalArgumentException if the session is not one that reads bytes */
        public Partway {
            if (!(session instanceof Open || session instanceof DecodingState.Steered) || bytesRead < 1) {
                throw new IllegalArgumentException("a session in the middle of a record is open and has read at least 1"
                        + " byte of it, but it is " + session.getClass().getSimpleName() + " after " + bytesRead);
            }
        }

        @Override
        public List<TokenContext> contexts() {
            return session.contexts();
        }

        @Override
        public int longestContext() {
            return session.longestContext();
        }

        @Override
        public List<List<TokenContext>> contextsByModel() {
            return session.contextsByModel();
        }

        @Override
        public Partway withContexts(List<TokenContext> contexts) {
            return new Partway(session.withContexts(contexts), record, bytesRead);
        }
    }

    /**
     * A session in the middle of its prompt; it is not open yet, and if the prompt is not read to its end it never was.
     *
     * @param reading after the last byte read, EOS tokens still being ordinary ones
     * @param record the {@code open}
     * @param bytesRead how many bytes before the first scored one were read, a dummy prefix included
     * @param afterEnd whether the session was open before and was ended
     * @param leftOut of those bytes; null for a session that stops at a dead end
     */
    record Opening(
            Reading reading,
            SourcePosition record,
            int bytesRead,
            boolean afterEnd,
            @Nullable LeftOut leftOut) implements SessionState {
        /** Of a session that stops at a dead end. */
        public Opening(Reading reading, SourcePosition record, int bytesRead, boolean afterEnd) {
            this(reading, record, bytesRead, afterEnd, null);
        }

        @Override
        public List<TokenContext> contexts() {
            return reading.contexts();
        }

        /** The same session, which reads on after dead ends and has left this out. */
        public Opening leavingOut(LeftOut newLeftOut) {
            return new Opening(reading, record, bytesRead, afterEnd, newLeftOut);
        }

        @Override
        public List<List<TokenContext>> contextsByModel() {
            return reading.contextsByModel();
        }

        @Override
        public Opening withContexts(List<TokenContext> contexts) {
            return new Opening(reading.withContexts(contexts), record, bytesRead, afterEnd, leftOut);
        }
    }
}
