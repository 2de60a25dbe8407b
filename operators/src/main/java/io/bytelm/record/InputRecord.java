package io.bytelm.record;

import org.jspecify.annotations.Nullable;

/**
 * One Kafka record as it came, not yet checked.
 *
 * @param key the session, any bytes; null if the producer sent none
 * @param op the header {@code bytelm.op}; null if absent, which means {@code bytes}
 * @param value the record's value; null for a tombstone
 */
public record InputRecord(byte @Nullable [] key, @Nullable String op, byte @Nullable [] value, SourcePosition source) {}
