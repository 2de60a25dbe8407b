package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SourcePosition;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Writes an input record as it came, key, value and {@code bytelm.op} untouched, and says in headers why it was not
 * processed and where it came from. Sent again to the input topic it is what it was.
 */
final class DeadLetterSerializer implements KafkaRecordSerializationSchema<DeadLetter> {
    private static final long serialVersionUID = 1;

    static final String REASON = "bytelm.reason";
    static final String MESSAGE = "bytelm.message";
    static final String ORIGIN_TOPIC = "bytelm.origin.topic";
    static final String ORIGIN_PARTITION = "bytelm.origin.partition";
    static final String ORIGIN_OFFSET = "bytelm.origin.offset";
    static final String ORIGIN_TIMESTAMP = "bytelm.origin.timestamp";

    private final String topic;

    DeadLetterSerializer(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        return recordOf(letter);
    }

    ProducerRecord<byte[], byte[]> recordOf(DeadLetter letter) {
        InputRecord input = letter.input();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, input.key(), input.value());
        Headers headers = record.headers();
        String op = input.op();
        if (op != null) {
            headers.add(InputRecordDeserializer.OP, op.getBytes(UTF_8));
        }
        SourcePosition source = input.source();
        headers.add(REASON, letter.reason().getBytes(UTF_8));
        headers.add(MESSAGE, letter.message().getBytes(UTF_8));
        headers.add(ORIGIN_TOPIC, source.topic().getBytes(UTF_8));
        headers.add(ORIGIN_PARTITION, Integer.toString(source.partition()).getBytes(UTF_8));
        headers.add(ORIGIN_OFFSET, Long.toString(source.offset()).getBytes(UTF_8));
        headers.add(ORIGIN_TIMESTAMP, Long.toString(source.timestampMillis()).getBytes(UTF_8));
        return record;
    }
}
