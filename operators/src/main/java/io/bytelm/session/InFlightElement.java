package io.bytelm.session;

import io.bytelm.record.InputRecord;

/**
 * An input record that came in and has not had its effect yet.
 *
 * @param session the Flink key
 * @param timestampMillis the stream record's timestamp, {@link #NO_TIMESTAMP} if it had none
 * @param arrivedNanos when it came in, by the clock of {@link ByteLatency}
 * @param epoch the watermarks that wait for it
 */
record InFlightElement(
        String session, InputRecord record, long timestampMillis, long arrivedNanos, WatermarkHold.Epoch epoch) {
    /** Kept in savepoints. */
    static final long NO_TIMESTAMP = Long.MIN_VALUE;

    int valueBytes() {
        byte[] value = record.value();
        return value == null ? 0 : value.length;
    }

    boolean hasTimestamp() {
        return timestampMillis != NO_TIMESTAMP;
    }
}
