package io.bytelm.record;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the job writes to Kafka. */
public sealed interface OutputRecord permits OutputRecord.Result, OutputRecord.DeadLetter {
    /** What a session has to say. */
    sealed interface Result extends OutputRecord
            permits Score, SpanScore, ToldTokens, Alert, CandidatesRecord, DecodeRecord, Restarted {
        /** The Kafka key; not to be changed. */
        byte[] session();

        /** The input record that caused it. */
        SourcePosition source();

        /**
         * Whether the model has read a shortened context for any of its numbers: the text has outgrown the model's context
         * ({@link io.bytelm.lm.LanguageModel#contextTokens}).
         */
        boolean truncated();
    }

    /** Why a {@link Score} was emitted. */
    enum Event {
        /** A byte was scored. */
        BYTE,
        /** A chunk was scored. */
        CHUNK,
        /** The session was ended. */
        END,
        /** The beam ran dry; emitted once, the session takes no more bytes. */
        DEAD_END
    }

    /**
     * The session after some of its bytes. Log-likelihoods are finite, also at a dead end: there they count the bytes
     * before the one that failed.
     *
     * @param session the Kafka key; not to be changed
     * @param bytesConsumed bytes scored so far in this session, the prompt not counted
     * @param chunkBytes bytes scored since the last record of this session (1 for {@link Event#BYTE})
     * @param chunkLogLikelihood log P of those bytes after all before them (nats)
     * @param totalLogLikelihood log P of all scored bytes after the prompt (nats)
     * @param totalLogLikelihoodUpper what that is not above where {@code totalLogLikelihood} is what it is not below (nats):
     *     of sessions over canonical tokenizations; else null
     * @param next the most probable next symbols; null if none were asked for, and at a dead end
     * @param eosLogProb log P (nats) that the sequence ends after these bytes, {@code -Infinity} if it cannot; null but
     *     for {@link Event#END} of a live session that has EOS tokens
     * @param failedByte the byte, 0 to 255, that no hypothesis could read; null but for {@link Event#DEAD_END}, and
     *     there if it was one of the prompt
     * @param truncated see {@link Result#truncated()}
     * @param source the input record that caused it
     * @param anomaly how unusual the last bytes are; null if nobody has asked, and after a dead end
     */
    record Score(
            byte[] session,
            Event event,
            long bytesConsumed,
            long chunkBytes,
            double chunkLogLikelihood,
            double totalLogLikelihood,
            @Nullable Double totalLogLikelihoodUpper,
            @Nullable NextSymbols next,
            @Nullable Double eosLogProb,
            @Nullable Integer failedByte,
            boolean truncated,
            SourcePosition source,
            @Nullable Anomaly anomaly)
            implements Result {
        /** Without how unusual the last bytes are. */
        public Score(
                byte[] session,
                Event event,
                long bytesConsumed,
                long chunkBytes,
                double chunkLogLikelihood,
                double totalLogLikelihood,
                @Nullable Double totalLogLikelihoodUpper,
                @Nullable NextSymbols next,
                @Nullable Double eosLogProb,
                @Nullable Integer failedByte,
                boolean truncated,
                SourcePosition source) {
            this(
                    session,
                    event,
                    bytesConsumed,
                    chunkBytes,
                    chunkLogLikelihood,
                    totalLogLikelihood,
                    totalLogLikelihoodUpper,
                    next,
                    eosLogProb,
                    failedByte,
                    truncated,
                    source,
                    null);
        }

        /** The same score with how unusual the last bytes are. */
        public Score with(@Nullable Anomaly newAnomaly) {
            return new Score(
                    session,
                    event,
                    bytesConsumed,
                    chunkBytes,
                    chunkLogLikelihood,
                    totalLogLikelihood,
                    totalLogLikelihoodUpper,
                    next,
                    eosLogProb,
                    failedByte,
                    truncated,
                    source,
                    newAnomaly);
        }

        /** Of a session over all tokenizations. */
        public Score(
                byte[] session,
                Event event,
                long bytesConsumed,
                long chunkBytes,
                double chunkLogLikelihood,
                double totalLogLikelihood,
                @Nullable NextSymbols next,
                @Nullable Double eosLogProb,
                @Nullable Integer failedByte,
                boolean truncated,
                SourcePosition source) {
            this(
                    session,
                    event,
                    bytesConsumed,
                    chunkBytes,
                    chunkLogLikelihood,
                    totalLogLikelihood,
                    null,
                    next,
                    eosLogProb,
                    failedByte,
                    truncated,
                    source);
        }

        /** {@code -totalLogLikelihood / ln 2 / bytesConsumed}; 0 before the first byte. */
        public double bitsPerByte() {
            // Adding 0 turns -0 into 0.
            return bytesConsumed == 0 ? 0 : -totalLogLikelihood / Math.log(2) / bytesConsumed + 0.0;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Score that
                    && Arrays.equals(session, that.session)
                    && event == that.event
                    && bytesConsumed == that.bytesConsumed
                    && chunkBytes == that.chunkBytes
                    && Double.compare(chunkLogLikelihood, that.chunkLogLikelihood) == 0
                    && Double.compare(totalLogLikelihood, that.totalLogLikelihood) == 0
                    && Objects.equals(totalLogLikelihoodUpper, that.totalLogLikelihoodUpper)
                    && Objects.equals(next, that.next)
                    && Objects.equals(eosLogProb, that.eosLogProb)
                    && Objects.equals(failedByte, that.failedByte)
                    && truncated == that.truncated
                    && source.equals(that.source)
                    && Objects.equals(anomaly, that.anomaly);
        }

        @Override
        public int hashCode() {
            return Objects.hash(Arrays.hashCode(session), event, bytesConsumed, totalLogLikelihood, next, source);
        }
    }

    /**
     * What a session says first after the job has begun it anew; what it said before does not count any more.
     *
     * @param reason a short word for machines: {@link #MODEL_CHANGED}
     */
    record Restarted(Result result, String reason) implements Result {
        /** The job runs another model, or with other settings that change numbers. */
        public static final String MODEL_CHANGED = "model-changed";

        @Override
        public byte[] session() {
            return result.session();
        }

        @Override
        public SourcePosition source() {
            return result.source();
        }

        @Override
        public boolean truncated() {
            return result.truncated();
        }
    }

    /**
     * An input record that was not processed.
     *
     * @param reason a short word for machines, such as {@code unknown-op}
     * @param message one line for people: what is wrong, where, and the remedy
     * @param bytesRead how many bytes of the value the session has read all the same, and keeps: the record went wrong in
     *     its middle; 0 for a record that changed nothing
     * @param exception one line with the class and the message of an exception that had no other word; null if there was
     *     none
     */
    record DeadLetter(
            InputRecord input,
            String reason,
            String message,
            int bytesRead,
            @Nullable String exception) implements OutputRecord {
        /** Of a record that changed nothing. */
        public DeadLetter(InputRecord input, String reason, String message) {
            this(input, reason, message, 0, null);
        }

        /** The same letter of a record whose first bytes stay read; the message says what to do with the others. */
        public DeadLetter after(int readBytes) {
            byte[] value = input.value();
            if (readBytes == 0 || value == null) {
                return this;
            }
            String remedy = "; the first " + readBytes + " of its " + value.length
                    + " bytes were read before and stay read: send only the others again";
            return new DeadLetter(input, reason, message + remedy, readBytes, exception);
        }
    }
}
