package io.bytelm.record;

import io.bytelm.dist.NextByteDistribution;
import org.jspecify.annotations.Nullable;

/** What the job writes to Kafka. */
public sealed interface OutputRecord {
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
     * The session after some of its bytes.
     *
     * @param session the Kafka key
     * @param bytesConsumed bytes scored so far in this session, the prompt not counted
     * @param chunkBytes bytes scored since the last record of this session (1 for {@link Event#BYTE})
     * @param chunkLogLikelihood log P of those bytes after all before them (nats)
     * @param totalLogLikelihood log P of all scored bytes after the prompt (nats)
     * @param next the next-byte distribution; null if none was asked for, or after the end
     * @param top how many symbols of {@code next} to write
     * @param source the input record that caused it
     */
    record Score(
            byte[] session,
            Event event,
            long bytesConsumed,
            long chunkBytes,
            double chunkLogLikelihood,
            double totalLogLikelihood,
            @Nullable NextByteDistribution next,
            int top,
            SourcePosition source)
            implements OutputRecord {
        /** {@code -totalLogLikelihood / ln 2 / bytesConsumed}; 0 before the first byte. */
        public double bitsPerByte() {
            return bytesConsumed == 0 ? 0 : -totalLogLikelihood / Math.log(2) / bytesConsumed;
        }
    }

    /**
     * An input record that was not processed.
     *
     * @param reason a short word for machines, such as {@code unknown-op}
     * @param message one line for people: what is wrong, where, and the remedy
     */
    record DeadLetter(InputRecord input, String reason, String message) implements OutputRecord {}
}
