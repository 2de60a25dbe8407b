package io.bytelm.job.kafka;

import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A part of a topic that has an end: from one time to another.
 *
 * @param bootstrap {@code host:port}, comma-separated
 * @param topic the topic
 * @param from the time of the first record; null for the oldest one
 * @param to the time of the first record that is left out; null for what is the topic's end when the job starts
 * @param clientProperties settings of all Kafka clients, for instance security; they win over our own
 */
public record TopicRange(
        String bootstrap,
        String topic,
        @Nullable Instant from,
        @Nullable Instant to,
        Map<String, String> clientProperties)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Makes of a record what the job works on. */
    @FunctionalInterface
    public interface Mapper<T> extends Serializable {
        /** @param value null for a tombstone */
        T map(String topic, int partition, long offset, byte @Nullable [] value);
    }

    public TopicRange {
        clientProperties = ClientSettings.understoodHere(clientProperties);
    }

    /** @throws io.bytelm.job.UserException if the broker does not answer, or has no such topic */
    public void requireTopic() {
        new BrokerCheck(bootstrap, new HashMap<>(clientProperties)).requireTopics(List.of(topic));
    }

    /**
     * How many offsets the range spans now, which is how many records there are at most: transactions and compaction leave
     * some offsets without one.
     *
     * @throws io.bytelm.job.UserException if the broker does not answer
     */
    public long offsets() {
        BrokerCheck broker = new BrokerCheck(bootstrap, new HashMap<>(clientProperties));
        Map<TopicPartition, Long> ends = broker.offsets(topic, to == null ? OffsetSpec.latest() : at(to));
        Map<TopicPartition, Long> begins = broker.offsets(topic, from == null ? OffsetSpec.earliest() : at(from));
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - begins.getOrDefault(end.getKey(), 0L)))
                .sum();
    }

    private static OffsetSpec at(Instant time) {
        return OffsetSpec.forTimestamp(time.toEpochMilli());
    }

    /** @param type how Flink moves what the mapper makes */
    public <T> Source<T, ?, ?> source(Mapper<T> mapper, TypeInformation<T> type) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.putAll(clientProperties);
        OffsetsInitializer start =
                from == null ? OffsetsInitializer.earliest() : OffsetsInitializer.timestamp(from.toEpochMilli());
        KafkaSource<T> kafka = KafkaSource.<T>builder()
                .setBootstrapServers(bootstrap)
                .setTopics(topic)
                .setStartingOffsets(new SettledStart(start))
                .setBounded(to == null ? OffsetsInitializer.latest() : OffsetsInitializer.timestamp(to.toEpochMilli()))
                .setDeserializer(new Mapped<>(mapper, type))
                .setProperties(properties)
                .build();
        return new GapRefusingSource<>(
                kafka,
                new GroupOffsets(bootstrap, topic, "", clientProperties),
                "keep them for longer, or take a shorter range, and remove --out to begin anew");
    }

    private record Mapped<T>(Mapper<T> mapper, TypeInformation<T> type) implements KafkaRecordDeserializationSchema<T> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out) throws IOException {
            out.collect(mapper.map(record.topic(), record.partition(), record.offset(), record.value()));
        }

        @Override
        public TypeInformation<T> getProducedType() {
            return type;
        }
    }
}
