package io.bytelm.job.kafka;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * How large a record may be that a producer writes to a topic, by Kafka's own estimate of its size: what fits is taken
 * whatever is in it.
 *
 * @param bytes the largest record, with key, value, headers and what Kafka adds
 * @param setting which setting says so, for people
 */
record WriteLimit(TopicLimit topic, int bytes, String setting) {
    /** A record that was cut has this much room, or there is no use in starting. */
    static final int LEAST_BYTES = 4096;

    /** Larger requests need to be asked for: a producer holds a few of them in memory. */
    private static final int LARGEST_REQUEST_BY_DEFAULT = 64 << 20;

    private static final int REQUEST_BY_DEFAULT = 1 << 20;
    private static final int MEMORY_BY_DEFAULT = 32 << 20;
    private static final int BATCH_BY_DEFAULT = 16 << 10;

    /**
     * The producer's properties with sizes that let through what the topic takes. What is given stays.
     *
     * @param given complete but for sizes
     */
    static Properties sized(Properties given, TopicLimit topic) {
        Properties sized = new Properties();
        sized.putAll(given);
        int request = Math.max(REQUEST_BY_DEFAULT, Math.min(LARGEST_REQUEST_BY_DEFAULT, topic.maxBatchBytes()));
        sized.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(request));
        sized.putIfAbsent(
                ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(Math.max(MEMORY_BY_DEFAULT, 2 * request)));
        sized.putIfAbsent(
                ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(Math.min(BATCH_BY_DEFAULT, topic.maxBatchBytes())));
        return sized;
    }

    /**
     * The smallest of the limits on the way.
     *
     * @param producer as from {@link #sized}
     * @throws ConfigException if a value is none for its setting
     */
    static WriteLimit of(Properties producer, TopicLimit topic) {
        Map<String, Object> values = ProducerConfig.configDef().parse(producer);
        CompressionType compression =
                CompressionType.forName(String.valueOf(values.get(ProducerConfig.COMPRESSION_TYPE_CONFIG)));
        boolean compresses = compression != CompressionType.NONE || topic.compressesAnew();
        int ofTopic = compresses ? leavingRoomForCompression(topic.maxBatchBytes()) : topic.maxBatchBytes();
        WriteLimit limit = new WriteLimit(
                topic, ofTopic, "max.message.bytes (or message.max.bytes of the broker, or segment.bytes)");
        return limit.and(values.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), ProducerConfig.MAX_REQUEST_SIZE_CONFIG)
                .and(values.get(ProducerConfig.BUFFER_MEMORY_CONFIG), ProducerConfig.BUFFER_MEMORY_CONFIG);
    }

    private WriteLimit and(@Nullable Object value, String name) {
        long other = ((Number) requireNonNull(value)).longValue();
        return other < bytes ? new WriteLimit(topic, Math.toIntExact(other), name + " of the producer") : this;
    }

    /** Bytes without any pattern become longer: by a sixth with Snappy, where it is worst. */
    private static int leavingRoomForCompression(int batchBytes) {
        return Math.max(0, batchBytes - batchBytes / 7 - 64);
    }

    /** How large a record is at most, in a batch of its own. */
    static int sizeOf(ProducerRecord<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray());
    }

    boolean fits(ProducerRecord<byte[], byte[]> record) {
        return sizeOf(record) <= bytes;
    }

    /** Where Kafka's default partitioner puts records with this key, for a record that bears only the beginning of it. */
    int partitionOf(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % topic.partitions();
    }

    /** One line for a limit that is too small to work with; null if it is not. */
    @Nullable
    String complaint() {
        return bytes >= LEAST_BYTES
                ? null
                : "topic '" + topic.topic() + "' takes records of at most " + Math.max(0, bytes) + " bytes, by "
                        + setting + "; at least " + LEAST_BYTES + " are needed: raise it, or use another topic";
    }
}
