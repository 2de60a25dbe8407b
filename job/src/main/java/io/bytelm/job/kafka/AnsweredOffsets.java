package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.SourcePosition;
import io.bytelm.record.wire.DeadLetterHeaders;
import io.bytelm.record.wire.WrittenSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins behind the last input record that a committed score or dead letter answers. A group's committed offsets lag behind
 * that by up to two checkpoints. Records before it that were still being worked on are passed over.
 *
 * <p>Where a partition has no answer, it begins at the group's committed offset, or at its oldest record. Asked once, where
 * the source begins without a checkpoint; the calling thread blocks.
 */
final class AnsweredOffsets implements OffsetsInitializer {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(AnsweredOffsets.class);

    /** Records are not answered quite in their order: how far back an answer to a later one may lie. */
    private static final long DISORDER_MILLIS = 60_000;

    /** Offsets of each partition that are read at a time. */
    private static final int STEP = 10_000;

    private final KafkaSettings settings;
    private final int step;

    /**
     * What is answered of a partition.
     *
     * @param next the offset behind it
     * @param writtenMillis when the answer was written
     */
    private record Answer(long next, long writtenMillis) {
        static Answer later(Answer one, Answer other) {
            return one.next >= other.next ? one : other;
        }
    }

    AnsweredOffsets(KafkaSettings settings) {
        this(settings, STEP);
    }

    AnsweredOffsets(KafkaSettings settings, int step) {
        this.settings = settings;
        this.step = step;
    }

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever broker) {
        Map<TopicPartition, Long> next = answered(broker.endOffsets(partitions));
        LOG.info("Of topic {} these offsets come after what is answered: {}", settings.in(), next);
        return OffsetsInitializer.offsets(next, OffsetResetStrategy.EARLIEST).getPartitionOffsets(partitions, broker);
    }

    private Map<TopicPartition, Long> answered(Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Answer> answers = new HashMap<>();
        try (TopicTails tails = TopicTails.open(settings, step)) {
            while (tails.readEarlier(wantedSince(ends, answers), record -> note(record, answers))) {
                LOG.debug("Answers so far: {}", answers);
            }
        }
        Map<TopicPartition, Long> next = new HashMap<>();
        answers.forEach((partition, answer) -> {
            // a topic that was deleted and created anew has other records under its old offsets
            if (answer.next <= ends.getOrDefault(partition, 0L)) {
                next.put(partition, answer.next);
            }
        });
        return next;
    }

    /** How far back there may be a later answer to any partition; none where all that it has is answered. */
    private static long wantedSince(Map<TopicPartition, Long> ends, Map<TopicPartition, Answer> answers) {
        long since = Long.MAX_VALUE;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            Answer answer = answers.get(end.getKey());
            if (answer == null && end.getValue() > 0) {
                return Long.MIN_VALUE;
            }
            if (answer != null && answer.next < end.getValue()) {
                since = Math.min(since, answer.writtenMillis - DISORDER_MILLIS);
            }
        }
        return since;
    }

    private void note(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Answer> answers) {
        sourceOf(record)
                .filter(source -> source.topic().equals(settings.in()))
                .ifPresent(source -> answers.merge(
                        new TopicPartition(source.topic(), source.partition()),
                        new Answer(source.offset() + 1, record.timestamp()),
                        Answer::later));
    }

    private Optional<SourcePosition> sourceOf(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(settings.out())) {
            return Optional.ofNullable(record.value()).flatMap(WrittenSource::of);
        }
        String topic = header(record, DeadLetterHeaders.SOURCE_TOPIC);
        String partition = header(record, DeadLetterHeaders.SOURCE_PARTITION);
        String offset = header(record, DeadLetterHeaders.SOURCE_OFFSET);
        try {
            return topic == null || partition == null || offset == null
                    ? Optional.empty()
                    : Optional.of(new SourcePosition(topic, Integer.parseInt(partition), Long.parseLong(offset), -1));
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.EARLIEST;
    }
}
