package io.bytelm.record;

/**
 * Where a record came from.
 *
 * @param timestampMillis Kafka's record timestamp, ms since the epoch
 */
public record SourcePosition(String topic, int partition, long offset, long timestampMillis) {}
