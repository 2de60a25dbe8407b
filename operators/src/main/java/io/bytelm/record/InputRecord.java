package io.bytelm.record;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka record as it came, not yet checked. Its arrays are not to be changed.
 *
 * @param key the session, any bytes; null if the producer sent none
 * @param op the header {@code bytelm.op}; null if absent, which means {@code bytes}
 * @param sequence the header {@code bytelm.seq}, which numbers a session's records; null if absent
 * @param value the record's value; null for a tombstone
 */
public record InputRecord(
        byte @Nullable [] key,
        @Nullable String op,
        @Nullable String sequence,
        byte @Nullable [] value,
        SourcePosition source) {
    /** A record without a number. */
    public InputRecord(byte @Nullable [] key, @Nullable String op, byte @Nullable [] value, SourcePosition source) {
        this(key, op, null, value, source);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InputRecord that
                && Arrays.equals(key, that.key)
                && Objects.equals(op, that.op)
                && Objects.equals(sequence, that.sequence)
                && Arrays.equals(value, that.value)
                && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(key), op, sequence, Arrays.hashCode(value), source);
    }
}
