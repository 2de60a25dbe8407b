package io.bytelm.job.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is committed in the topics that a job writes, from their ends backwards, in steps. For one thread. */
final class TopicTails implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final int step;
    private final Map<TopicPartition, Tail> tails = new HashMap<>();

    /**
     * What is left to read of a partition.
     *
     * @param beginning the oldest record
     * @param end what comes from here on was read
     * @param oldestMillis the time of the oldest record that was read
     */
    private record Tail(long beginning, long end, long oldestMillis) {
        boolean hasAnySince(long millis) {
            return end > beginning && oldestMillis > millis;
        }
    }

    private TopicTails(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, int step) {
        this.consumer = consumer;
        this.step = step;
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        consumer.endOffsets(partitions) // of what is committed
                .forEach((partition, end) ->
                        tails.put(partition, new Tail(beginnings.getOrDefault(partition, 0L), end, Long.MAX_VALUE)));
    }

    /**
     * Of the output and the dead-letter topic.
     *
     * @param step offsets of each partition that are read at a time
     */
    static TopicTails open(KafkaSettings settings, int step) {
        Properties properties = new Properties();
        properties.putAll(settings.clientProperties());
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = settings.writtenTopics().stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            return new TopicTails(consumer, partitions, step);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * Reads one step of each partition that may have earlier records of some time.
     *
     * @param sinceMillis what was written before is not looked for
     * @return false if there is none
     * @throws TimeoutException if the broker stops answering
     */
    boolean readEarlier(long sinceMillis, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        tails.forEach((partition, tail) -> {
            if (tail.hasAnySince(sinceMillis)) {
                ends.put(partition, tail.end);
            }
        });
        consumer.assign(ends.keySet());
        for (TopicPartition partition : ends.keySet()) {
            tails.computeIfPresent(partition, (same, tail) -> {
                long from = Math.max(tail.beginning, tail.end - step);
                consumer.seek(partition, from);
                return new Tail(tail.beginning, from, tail.oldestMillis);
            });
        }
        read(ends, records);
        return !ends.isEmpty();
    }

    private void read(Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        List<TopicPartition> unfinished = new ArrayList<>(ends.keySet());
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            unfinished.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            if (unfinished.isEmpty()) {
                return;
            }
            consumer.assign(unfinished);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                tails.computeIfPresent(
                        new TopicPartition(record.topic(), record.partition()),
                        (same, tail) ->
                                new Tail(tail.beginning, tail.end, Math.min(tail.oldestMillis, record.timestamp())));
                records.accept(record);
                deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new TimeoutException("nothing could be read of " + unfinished);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
