package io.bytelm.record.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.InputRecord;
import io.bytelm.record.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * A record as anybody may send one who can write to the input topic.
 *
 * @param op the header {@code bytelm.op}
 * @param sequence the header {@code bytelm.seq}
 */
public record HostileRecord(
        byte @Nullable [] key,
        @Nullable String op,
        @Nullable String sequence,
        byte @Nullable [] value) {
    private static final int MOST_SHOWN_BYTES = 4000;

    /** As the job reads it from Kafka. */
    public InputRecord at(long offset) {
        return new InputRecord(key, op, sequence, value, new SourcePosition("in", 0, offset, 0));
    }

    @Override
    public String toString() {
        String shown = value == null ? "null" : new String(value, 0, Math.min(value.length, MOST_SHOWN_BYTES), UTF_8);
        int length = value == null ? 0 : value.length;
        return "op " + op + ", sequence " + sequence + ", " + length + " bytes: " + shown;
    }
}
