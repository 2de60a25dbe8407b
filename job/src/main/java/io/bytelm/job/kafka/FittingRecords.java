package io.bytelm.job.kafka;

import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes records that the topic takes: whole ones, or where one is too large one that stands for it. For the task's thread.
 *
 * @param <T> what is written
 */
final class FittingRecords<T> {
    private static final Logger LOG = LoggerFactory.getLogger(FittingRecords.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final ToTopic<T> serializer;
    private final WriteLimit limit;
    private final WriterMetrics metrics;
    private long cut;
    private long saidNanos = System.nanoTime() - QUIET_NANOS;

    FittingRecords(ToTopic<T> serializer, WriteLimit limit, WriterMetrics metrics) {
        this.serializer = serializer;
        this.limit = limit;
        this.metrics = metrics;
    }

    String topic() {
        return serializer.topic();
    }

    ProducerRecord<byte[], byte[]> recordOf(T value) {
        ProducerRecord<byte[], byte[]> whole = serializer.recordOf(value);
        int wholeBytes = WriteLimit.sizeOf(whole);
        if (wholeBytes <= limit.bytes()) {
            return whole;
        }
        metrics.recordCut();
        say(wholeBytes);
        return serializer.shortenedTo(limit, value, wholeBytes);
    }

    /** Once a minute: whoever sends such records can send many. */
    private void say(int wholeBytes) {
        cut++;
        long now = System.nanoTime();
        if (now - saidNanos >= QUIET_NANOS) {
            saidNanos = now;
            LOG.warn(
                    "A record of {} bytes for topic {} is cut: at most {} are taken, by {}; {} records cut so far",
                    wholeBytes,
                    topic(),
                    limit.bytes(),
                    limit.setting(),
                    cut);
        }
    }
}
