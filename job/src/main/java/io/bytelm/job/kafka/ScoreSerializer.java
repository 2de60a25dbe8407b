package io.bytelm.job.kafka;

import io.bytelm.record.OutputRecord.Result;
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
        return new ProducerRecord<>(topic(), result.session(), encoder.encode(result));
    }
}
