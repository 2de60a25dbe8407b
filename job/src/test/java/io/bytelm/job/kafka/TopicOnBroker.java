package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic with settings of its own, as tests set them and read what lies in it. */
public record TopicOnBroker(String bootstrap, String name) {
    /** @param configuration of the topic */
    public static TopicOnBroker create(String bootstrap, String name, int partitions, Map<String, String> configuration)
            throws Exception {
        try (Admin admin = Admin.create(properties(bootstrap))) {
            NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configuration);
            admin.createTopics(List.of(topic)).all().get();
        }
        return new TopicOnBroker(bootstrap, name);
    }

    /** The broker hears of it in a moment. */
    public void set(String setting, String value) throws Exception {
        try (Admin admin = Admin.create(properties(bootstrap))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, name),
                            List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** What a group's consumer says when it has read so far in the first partition. */
    public static void commit(String bootstrap, String topic, String group, long next) {
        Properties properties = properties(bootstrap);
        properties.put("group.id", group);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(next)));
        }
    }

    /** All that is committed, partition by partition; waits for what is open. */
    public List<ConsumerRecord<byte[], byte[]>> committed() {
        Properties properties = properties(bootstrap);
        properties.put("isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            // also of what is not committed yet: a transaction's end reaches the topic a moment after the commit
            Map<TopicPartition, Long> ends = new BrokerCheck(bootstrap, Map.of()).offsets(name, OffsetSpec.latest());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < requireNonNull(ends.get(partition)))) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                records.forEach(read::add);
            }
        }
        return read;
    }

    public static String header(ConsumerRecord<byte[], byte[]> record, String header) {
        return record.headers().lastHeader(header) == null
                ? "none"
                : new String(record.headers().lastHeader(header).value(), UTF_8);
    }

    private static Properties properties(String bootstrap) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        return properties;
    }
}
