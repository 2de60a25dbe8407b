package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.wire.DeadLetterHeaders;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes an input record as it came, key and value untouched, with {@link DeadLetterHeaders}. */
final class DeadLetterSerializer extends ToTopic<DeadLetter> {
    private static final long serialVersionUID = 1;

    DeadLetterSerializer(String topic) {
        super(topic);
    }

    @Override
    ProducerRecord<byte[], byte[]> recordOf(DeadLetter letter) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic(), letter.input().key(), letter.input().value());
        DeadLetterHeaders.of(letter).forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
        return record;
    }
}
