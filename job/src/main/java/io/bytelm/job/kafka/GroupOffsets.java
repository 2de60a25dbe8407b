package io.bytelm.job.kafka;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Asks a broker where a consumer group stopped. */
record GroupOffsets(String bootstrap, String group, Map<String, String> clientProperties) implements Serializable {
    private static final long serialVersionUID = 1;
    private static final long ANSWER_SECONDS = 60;

    GroupOffsets {
        clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * Splits of savepoints that left their beginning to the consumer ({@link KafkaPartitionSplit#COMMITTED_OFFSET}) get the
     * offset at which the group stopped, or the oldest if it has none; others stay as they are.
     */
    List<KafkaPartitionSplit> settle(List<KafkaPartitionSplit> splits) {
        List<TopicPartition> open = splits.stream()
                .filter(GroupOffsets::isOpen)
                .map(KafkaPartitionSplit::getTopicPartition)
                .toList();
        if (open.isEmpty()) {
            return splits;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        return splits.stream()
                .map(split -> isOpen(split) ? settled(split, committed) : split)
                .toList();
    }

    private static boolean isOpen(KafkaPartitionSplit split) {
        return split.getStartingOffset() == KafkaPartitionSplit.COMMITTED_OFFSET;
    }

    private static KafkaPartitionSplit settled(
            KafkaPartitionSplit split, Map<TopicPartition, OffsetAndMetadata> committed) {
        OffsetAndMetadata offset = committed.get(split.getTopicPartition());
        return new KafkaPartitionSplit(
                split.getTopicPartition(),
                offset == null ? KafkaPartitionSplit.EARLIEST_OFFSET : offset.offset(),
                split.getStoppingOffset().orElse(KafkaPartitionSplit.NO_STOPPING_OFFSET));
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        try (Admin admin = Admin.create(properties)) {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the offsets of group " + group + " cannot be read at " + bootstrap, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the offsets of group " + group, e);
        }
    }
}
