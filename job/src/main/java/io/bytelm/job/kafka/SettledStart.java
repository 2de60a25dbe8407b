package io.bytelm.job.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a job begins, settled once, when it starts: left to the consumer, "the end" would be another place after a restart,
 * and an offset that is no longer there would be replaced by another in silence.
 */
record SettledStart(OffsetsInitializer start) implements OffsetsInitializer {
    private static final long serialVersionUID = 1;

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        Map<TopicPartition, Long> settled = new HashMap<>(start.getPartitionOffsets(partitions, retriever));
        List<TopicPartition> latest = marked(settled, KafkaPartitionSplit.LATEST_OFFSET);
        if (!latest.isEmpty()) {
            settled.putAll(retriever.endOffsets(latest));
        }
        List<TopicPartition> committed = marked(settled, KafkaPartitionSplit.COMMITTED_OFFSET);
        if (!committed.isEmpty()) { // a source without a group cannot ask
            committed.forEach(partition -> settled.put(partition, KafkaPartitionSplit.EARLIEST_OFFSET));
            settled.putAll(retriever.committedOffsets(committed));
        }
        return settled;
    }

    private static List<TopicPartition> marked(Map<TopicPartition, Long> offsets, long marker) {
        return offsets.entrySet().stream()
                .filter(offset -> offset.getValue() == marker)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }
}
