package io.bytelm.job.kafka;

import io.bytelm.record.InputRecord;
import io.bytelm.record.RecordHeader;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.wire.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Takes a Kafka record as it is. Nothing is checked here, so that everything odd reaches the dead letters. */
final class InputRecordDeserializer implements KafkaRecordDeserializationSchema<InputRecord> {
    private static final long serialVersionUID = 1;

    private final TypeInformation<InputRecord> type;

    InputRecordDeserializer(TypeInformation<InputRecord> type) {
        this.type = type;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<InputRecord> out) {
        SourcePosition source =
                new SourcePosition(record.topic(), record.partition(), record.offset(), record.timestamp());
        out.collect(new InputRecord(
                record.key(),
                header(record, DeadLetterHeaders.OP),
                header(record, DeadLetterHeaders.SEQUENCE),
                record.value(),
                headers(record),
                source));
    }

    private static List<RecordHeader> headers(ConsumerRecord<byte[], byte[]> record) {
        List<RecordHeader> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new RecordHeader(header.key(), header.value())));
        return List.copyOf(headers);
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public TypeInformation<InputRecord> getProducedType() {
        return type;
    }
}
