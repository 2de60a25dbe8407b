package io.bytelm.record;

import io.bytelm.decode.Ending;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a decoding session says. Log-likelihoods and log weights (nats) can be {@code -Infinity}. */
public sealed interface DecodeRecord extends OutputRecord.Result {
    /**
     * What is not enforced of a session's constraint, since its schemas are lenient. Said once, before all else, and only if there is
     * something.
     *
     * @param ignored a line for each keyword: its place as a JSON pointer, and why
     */
    record Ignored(byte[] session, List<String> ignored, SourcePosition source) implements DecodeRecord {
        public Ignored {
            ignored = List.copyOf(ignored);
        }

        /** It has no numbers. */
        @Override
        public boolean truncated() {
            return false;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Ignored that
                    && Arrays.equals(session, that.session)
                    && ignored.equals(that.ignored)
                    && source.equals(that.source);
        }

        @Override
        public int hashCode() {
            return Objects.hash(Arrays.hashCode(session), ignored, source);
        }
    }

    /**
     * A driven session has more bytes.
     *
     * @param bytes how many bytes the output has now
     * @param piece those since the last record; not to be changed
     * @param forcedBytes how many of them the constraint left no choice about; of one draw they are the last ones
     * @param logLikelihood log P of all bytes after the prompt
     * @param logLikelihoodUpper what that is not above where {@code logLikelihood} is what it is not below (nats): of
     *     sessions over canonical tokenizations; else null
     * @param logWeight log of the importance weight, see {@link io.bytelm.decode.Draft}
     * @param logMask log of the probability of all that was allowed together; null but for records of one draw
     * @param next what the first byte was drawn from, the most probable first; null where not asked for
     * @param truncated see {@link io.bytelm.record.OutputRecord.Result#truncated()}
     */
    record Generated(
            byte[] session,
            long bytes,
            byte[] piece,
            int forcedBytes,
            double logLikelihood,
            @Nullable Double logLikelihoodUpper,
            double logWeight,
            @Nullable Double logMask,
            @Nullable NextSymbols next,
            boolean truncated,
            SourcePosition source)
            implements DecodeRecord {
        /** Of a session over all tokenizations. */
        public Generated(
                byte[] session,
                long bytes,
                byte[] piece,
                int forcedBytes,
                double logLikelihood,
                double logWeight,
                @Nullable Double logMask,
                @Nullable NextSymbols next,
                boolean truncated,
                SourcePosition source) {
            this(session, bytes, piece, forcedBytes, logLikelihood, null, logWeight, logMask, next, truncated, source);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Generated that
                    && Arrays.equals(session, that.session)
                    && bytes == that.bytes
                    && Arrays.equals(piece, that.piece)
                    && forcedBytes == that.forcedBytes
                    && Double.compare(logLikelihood, that.logLikelihood) == 0
                    && Objects.equals(logLikelihoodUpper, that.logLikelihoodUpper)
                    && Double.compare(logWeight, that.logWeight) == 0
                    && Objects.equals(logMask, that.logMask)
                    && Objects.equals(next, that.next)
                    && truncated == that.truncated
                    && source.equals(that.source);
        }

        @Override
        public int hashCode() {
            return Objects.hash(Arrays.hashCode(session), bytes, Arrays.hashCode(piece), logLikelihood, source);
        }
    }

    /**
     * What may come next in a steered session.
     *
     * @param bytes how many bytes the client has sent
     * @param accepting whether they satisfy the constraint
     * @param forcedByte the only byte, 0 to 255, that may come; null if there is a choice, or an end
     * @param fewestBytes how many more bytes complete them at least
     * @param logLikelihood log P of all bytes after the prompt
     * @param logLikelihoodUpper see {@link Generated}
     * @param logMask log of the probability of all that is allowed together
     * @param next what is allowed, normalized, the most probable first; null where not asked for
     * @param truncated see {@link io.bytelm.record.OutputRecord.Result#truncated()}
     */
    record Next(
            byte[] session,
            long bytes,
            boolean accepting,
            @Nullable Integer forcedByte,
            int fewestBytes,
            double logLikelihood,
            @Nullable Double logLikelihoodUpper,
            double logMask,
            @Nullable NextSymbols next,
            boolean truncated,
            SourcePosition source)
            implements DecodeRecord {
        /** Of a session over all tokenizations. */
        public Next(
                byte[] session,
                long bytes,
                boolean accepting,
                @Nullable Integer forcedByte,
                int fewestBytes,
                double logLikelihood,
                double logMask,
                @Nullable NextSymbols next,
                boolean truncated,
                SourcePosition source) {
            this(
                    session,
                    bytes,
                    accepting,
                    forcedByte,
                    fewestBytes,
                    logLikelihood,
                    null,
                    logMask,
                    next,
                    truncated,
                    source);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Next that
                    && Arrays.equals(session, that.session)
                    && bytes == that.bytes
                    && accepting == that.accepting
                    && Objects.equals(forcedByte, that.forcedByte)
                    && fewestBytes == that.fewestBytes
                    && Double.compare(logLikelihood, that.logLikelihood) == 0
                    && Objects.equals(logLikelihoodUpper, that.logLikelihoodUpper)
                    && Double.compare(logMask, that.logMask) == 0
                    && Objects.equals(next, that.next)
                    && truncated == that.truncated
                    && source.equals(that.source);
        }

        @Override
        public int hashCode() {
            return Objects.hash(Arrays.hashCode(session), bytes, accepting, logLikelihood, source);
        }
    }

    /**
     * One output at its end.
     *
     * @param bytes not to be changed
     * @param ending null if the client ended it
     * @param complete whether the bytes satisfy the constraint
     * @param logLikelihoodUpper see {@link Generated}
     * @param logWeight since the last resampling
     */
    record Output(
            byte[] bytes,
            @Nullable Ending ending,
            boolean complete,
            double logLikelihood,
            @Nullable Double logLikelihoodUpper,
            double logWeight) {
        /** Of a session over all tokenizations. */
        public Output(byte[] bytes, @Nullable Ending ending, boolean complete, double logLikelihood, double logWeight) {
            this(bytes, ending, complete, logLikelihood, null, logWeight);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Output that
                    && Arrays.equals(bytes, that.bytes)
                    && ending == that.ending
                    && complete == that.complete
                    && Double.compare(logLikelihood, that.logLikelihood) == 0
                    && Objects.equals(logLikelihoodUpper, that.logLikelihoodUpper)
                    && Double.compare(logWeight, that.logWeight) == 0;
        }

        @Override
        public int hashCode() {
            return Objects.hash(Arrays.hashCode(bytes), ending, complete, logLikelihood, logWeight);
        }
    }

    /**
     * The session has ended.
     *
     * @param output the output; of several particles one that is drawn by weight
     * @param particles all of them, if there are several; else empty
     * @param effectiveSampleSize of the particles
     * @param logConstraintProbability log of the estimated probability (nats) that the model satisfies the constraint
     * @param truncated of any of the particles, see {@link io.bytelm.record.OutputRecord.Result#truncated()}
     */
    record Finished(
            byte[] session,
            Output output,
            List<Output> particles,
            double effectiveSampleSize,
            double logConstraintProbability,
            boolean truncated,
            SourcePosition source)
            implements DecodeRecord {
        public Finished {
            particles = List.copyOf(particles);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Finished that
                    && Arrays.equals(session, that.session)
                    && output.equals(that.output)
                    && particles.equals(that.particles)
                    && Double.compare(effectiveSampleSize, that.effectiveSampleSize) == 0
                    && Double.compare(logConstraintProbability, that.logConstraintProbability) == 0
                    && truncated == that.truncated
                    && source.equals(that.source);
        }

        @Override
        public int hashCode() {
            return Objects.hash(Arrays.hashCode(session), output, particles, source);
        }
    }
}
