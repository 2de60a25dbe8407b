package io.bytelm.job.kafka;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;

/** Where a consumer group stopped in a topic, for sources that left that to their consumers. */
record GroupOffsets(String bootstrap, String topic, String group, Map<String, String> clientProperties)
        implements Serializable {
    private static final long serialVersionUID = 1;

    GroupOffsets {
        clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * Splits of savepoints that left their beginning to the consumer ({@link KafkaPartitionSplit#COMMITTED_OFFSET}) get the
     * offset at which the group stopped, or the oldest if it has none; others stay as they are.
     *
     * @throws io.bytelm.job.UserException if there are such splits and the broker does not answer within 5 s
     */
    List<KafkaPartitionSplit> settle(List<KafkaPartitionSplit> splits) {
        if (splits.stream().noneMatch(GroupOffsets::isOpen)) {
            return splits;
        }
        Map<TopicPartition, Long> committed =
                new BrokerCheck(bootstrap, clientProperties).committedOffsets(group, topic);
        return splits.stream()
                .map(split -> isOpen(split) ? settled(split, committed) : split)
                .toList();
    }

    private static boolean isOpen(KafkaPartitionSplit split) {
        return split.getStartingOffset() == KafkaPartitionSplit.COMMITTED_OFFSET;
    }

    private static KafkaPartitionSplit settled(KafkaPartitionSplit split, Map<TopicPartition, Long> committed) {
        return new KafkaPartitionSplit(
                split.getTopicPartition(),
                committed.getOrDefault(split.getTopicPartition(), KafkaPartitionSplit.EARLIEST_OFFSET),
                split.getStoppingOffset().orElse(KafkaPartitionSplit.NO_STOPPING_OFFSET));
    }
}
