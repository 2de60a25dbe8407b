package io.bytelm.job.kafka;

import io.bytelm.record.OutputRecord.Score;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes a score under its session's key, so that the scores of a session stay in order in one partition. */
final class ScoreSerializer implements KafkaRecordSerializationSchema<Score> {
    private static final long serialVersionUID = 1;

    private final String topic;
    private final ScoreEncoder encoder;

    ScoreSerializer(String topic, ScoreEncoder encoder) {
        this.topic = topic;
        this.encoder = encoder;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(Score score, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(topic, score.session(), encoder.encode(score));
    }
}
