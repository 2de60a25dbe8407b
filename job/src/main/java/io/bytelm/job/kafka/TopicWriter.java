package io.bytelm.job.kafka;

import io.bytelm.record.wire.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes input records for the job. */
public final class TopicWriter implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;

    public TopicWriter(String bootstrap, String topic) {
        this.topic = topic;
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * Hands a record over; {@link #close} waits until all are written.
     *
     * @param op null for bytes
     */
    public void send(byte @Nullable [] session, @Nullable String op, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, session, value);
        if (op != null) {
            record.headers().add(DeadLetterHeaders.OP, op.getBytes(StandardCharsets.UTF_8));
        }
        producer.send(record);
    }

    @Override
    public void close() {
        producer.close();
    }
}
