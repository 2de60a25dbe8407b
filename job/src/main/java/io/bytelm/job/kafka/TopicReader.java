package io.bytelm.job.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning, only what is committed. For one thread. */
public final class TopicReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** @param topic exists */
    public TopicReader(String bootstrap, String topic) {
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = partitionsOf(topic);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** A topic that was created a moment ago has no partitions yet for every broker. */
    private List<TopicPartition> partitionsOf(String topic) {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        while (found.isEmpty() && System.nanoTime() < deadlineNanos) {
            LockSupport.parkNanos(PAUSE.toNanos());
            found = consumer.partitionsFor(topic);
        }
        return found.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** What came since the last call; empty if nothing comes in time. */
    public List<TopicRecord> poll(Duration patience) {
        List<TopicRecord> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
            Map<String, String> headers = new HashMap<>();
            for (Header header : record.headers()) {
                if (header.value() != null) {
                    headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
                }
            }
            records.add(new TopicRecord(record.partition(), record.offset(), record.key(), record.value(), headers));
        }
        return records;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
