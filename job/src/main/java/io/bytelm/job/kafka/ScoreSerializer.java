package io.bytelm.job.kafka;

import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.wire.Shortening;
import io.bytelm.record.wire.Shortening.Keeps;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes a score under its session's key, so that the scores of a session stay in order in one partition. */
final class ScoreSerializer extends ToTopic<Result> {
    private static final long serialVersionUID = 1;

    private final ScoreEncoder encoder;

    ScoreSerializer(String topic, ScoreEncoder encoder) {
        super(topic);
        this.encoder = encoder;
    }

    @Override
    ProducerRecord<byte[], byte[]> recordOf(Result result) {
        return new ProducerRecord<>(topic(), result.session(), encoder.encode(result, null));
    }

    /** First without lists, then without texts, then under a shortened key, which stays in its session's partition. */
    @Override
    ProducerRecord<byte[], byte[]> shortenedTo(WriteLimit limit, Result result, int wholeBytes) {
        byte[] key = result.session();
        byte[] value = new byte[0];
        for (Keeps keeps : Keeps.values()) {
            value = encoder.encode(result, new Shortening(keeps, wholeBytes, limit.bytes()));
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic(), key, value);
            if (limit.fits(record)) {
                return record;
            }
        }
        return new ProducerRecord<>(topic(), limit.partitionOf(key), shortened(key), value);
    }
}
