package io.bytelm.record;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka record as it came, not yet checked. Its arrays and its list are not to be changed.
 *
 * @param key the session, any bytes; null if the producer sent none
 * @param op the header {@code bytelm.op}; null if absent, which means {@code bytes}
 * @param sequence the header {@code bytelm.seq}, which numbers a session's records; null if absent
 * @param value the record's value; null for a tombstone
 * @param headers all headers in their order, those two among them; empty in what a checkpoint of format 1 has kept
 */
public record InputRecord(
        byte @Nullable [] key,
        @Nullable String op,
        @Nullable String sequence,
        byte @Nullable [] value,
        List<RecordHeader> headers,
        SourcePosition source) {
    /** What a header takes on the heap beside its name and value, roughly. */
    private static final int HEADER_OVERHEAD_BYTES = 64;

    /** A record of which no headers are kept. */
    public InputRecord(
            byte @Nullable [] key,
            @Nullable String op,
            @Nullable String sequence,
            byte @Nullable [] value,
            SourcePosition source) {
        this(key, op, sequence, value, List.of(), source);
    }

    /** A record without a number. */
    public InputRecord(byte @Nullable [] key, @Nullable String op, byte @Nullable [] value, SourcePosition source) {
        this(key, op, null, value, source);
    }

    /** What its key, value and headers take on the heap, an estimate. */
    public long heldBytes() {
        long bytes = lengthOf(key) + lengthOf(value);
        for (RecordHeader header : headers) {
            bytes += HEADER_OVERHEAD_BYTES + header.name().length() + lengthOf(header.value());
        }
        return bytes;
    }

    private static long lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InputRecord that
                && Arrays.equals(key, that.key)
                && Objects.equals(op, that.op)
                && Objects.equals(sequence, that.sequence)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers)
                && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(key), op, sequence, Arrays.hashCode(value), headers, source);
    }
}
