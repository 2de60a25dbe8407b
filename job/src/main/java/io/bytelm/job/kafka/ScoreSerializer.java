package io.bytelm.job.kafka;

import io.bytelm.record.OutputRecord.Score;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes a score under its session's key, so that the scores of a session stay in order in one partition. */
final class ScoreSerializer extends ToTopic<Score> {
    private static final long serialVersionUID = 1;

    private final ScoreEncoder encoder;

    ScoreSerializer(String topic, ScoreEncoder encoder) {
        super(topic);
        this.encoder = encoder;
    }

    @Override
    ProducerRecord<byte[], byte[]> recordOf(Score score) {
        return new ProducerRecord<>(topic(), score.session(), encoder.encode(score));
    }
}
