package io.bytelm.job.kafka;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in a topic. Its arrays are not to be changed.
 *
 * @param headers the last value of each header that has one, as text
 */
public record TopicRecord(
        int partition, long offset, byte @Nullable [] key, byte @Nullable [] value, Map<String, String> headers) {}
