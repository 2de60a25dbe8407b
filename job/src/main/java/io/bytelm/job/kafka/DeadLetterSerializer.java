package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.wire.DeadLetterHeaders;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes an input record as it came, key and value untouched, with {@link DeadLetterHeaders}. */
final class DeadLetterSerializer implements KafkaRecordSerializationSchema<DeadLetter> {
    private static final long serialVersionUID = 1;

    private final String topic;

    DeadLetterSerializer(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        return recordOf(letter);
    }

    ProducerRecord<byte[], byte[]> recordOf(DeadLetter letter) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, letter.input().key(), letter.input().value());
        DeadLetterHeaders.of(letter).forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
        return record;
    }
}
