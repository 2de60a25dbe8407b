package io.bytelm.job.kafka;

import io.bytelm.record.wire.Sha256;
import io.bytelm.record.wire.Shortening;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes one kind of record to one topic.
 *
 * @param <T> what is written
 */
abstract class ToTopic<T> implements Serializable {
    private static final long serialVersionUID = 1;

    private final String topic;

    ToTopic(String topic) {
        this.topic = topic;
    }

    String topic() {
        return topic;
    }

    /** The record with all that belongs to it. */
    abstract ProducerRecord<byte[], byte[]> recordOf(T value);

    /**
     * A record that stands for one that is too large, and says so.
     *
     * @param wholeBytes how large that one is
     * @return a record that fits, whatever the value is
     */
    abstract ProducerRecord<byte[], byte[]> shortenedTo(WriteLimit limit, T value, int wholeBytes);

    /** What stands for a key that is too long: its beginning and its SHA-256, which tells it from others. */
    static byte[] shortened(byte[] key) {
        byte[] beginning = Shortening.beginningOf(key, Shortening.MOST_SESSION_BYTES);
        byte[] shortened = Arrays.copyOf(beginning, beginning.length + Sha256.BYTES);
        System.arraycopy(Sha256.of(key), 0, shortened, beginning.length, Sha256.BYTES);
        return shortened;
    }
}
