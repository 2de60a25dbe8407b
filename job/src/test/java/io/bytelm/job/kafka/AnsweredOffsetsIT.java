package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.SourcePosition;
import io.bytelm.record.proto.Score;
import io.bytelm.record.proto.Source;
import io.bytelm.record.wire.DeadLetterHeaders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AnsweredOffsetsIT {
    private static final long BEGIN_MILLIS = 1_700_000_000_000L;

    /** What the group has committed of partition 3. */
    private static final long COMMITTED = 7;

    private static final long EARLIEST = 3;
    private static final long END = 1_000_000;

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    private int transactions;

    @Test
    void itBeginsBehindTheLastRecordThatACommittedScoreOrDeadLetterAnswers() throws Exception {
        KafkaSettings settings = topics("plain", 1);
        write(settings.out(), 0, true, List.of(json(settings, 0, 10), json(settings, 0, 12), protobuf(settings, 1, 4)));
        write(settings.out(), 0, false, List.of(json(settings, 0, 99), json(settings, 3, 5)));
        write(settings.out(), 0, true, List.of("not one of ours".getBytes(UTF_8), "{\"a\":".getBytes(UTF_8)));
        deadLetter(settings, 2, 20);

        assertThat(offsets(settings, 2, 5))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        in(settings, 0),
                        13L,
                        in(settings, 1),
                        5L,
                        in(settings, 2),
                        21L,
                        in(settings, 3),
                        COMMITTED,
                        in(settings, 4),
                        EARLIEST));
    }

    @Test
    void answersOfATopicThatWasDeletedAndCreatedAnewDoNotCount() throws Exception {
        KafkaSettings settings = topics("anew", 1);
        write(settings.out(), 0, true, List.of(json(settings, 0, END)));

        assertThat(offsets(settings, 100, 1)).containsExactly(Map.entry(in(settings, 0), EARLIEST));
    }

    @Test
    void anOutputPartitionWithOldAnswersDoesNotHideTheNewOnesOfAnother() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int trial = 0; trial < 3; trial++) {
            KafkaSettings settings = topics("random-" + trial, 3);
            Map<TopicPartition, Long> expected = new HashMap<>();
            List<List<ProducerRecord<byte[], byte[]>>> batches = new ArrayList<>();
            long[] nextOffset = new long[3];
            for (int minute = 0; minute < 40; minute++) {
                int partition = random.nextInt(3);
                int out = random.nextInt(minute < 20 ? 3 : 2); // the last one has only old answers
                nextOffset[partition] += 1 + random.nextInt(3);
                long time = BEGIN_MILLIS + minute * 60_000L;
                batches.add(List.of(new ProducerRecord<>(
                        settings.out(), out, time, null, json(settings, partition, nextOffset[partition]))));
                expected.put(in(settings, partition), nextOffset[partition] + 1);
            }
            for (List<ProducerRecord<byte[], byte[]>> batch : batches) {
                send(true, batch);
            }

            assertThat(offsets(settings, 1 + random.nextInt(4), 3))
                    .as("seed %d", seed)
                    .containsAllEntriesOf(expected);
        }
    }

    /** @param partitions of the input */
    private static Map<TopicPartition, Long> offsets(KafkaSettings settings, int step, int partitions) {
        List<TopicPartition> all =
                IntStream.range(0, partitions).mapToObj(i -> in(settings, i)).toList();
        return new AnsweredOffsets(settings, step).getPartitionOffsets(all, new Retriever());
    }

    private static final class Retriever implements OffsetsInitializer.PartitionOffsetsRetriever {
        @Override
        public Map<TopicPartition, Long> committedOffsets(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> committed = new HashMap<>();
            partitions.stream()
                    .filter(partition -> partition.partition() == 3)
                    .forEach(partition -> committed.put(partition, COMMITTED));
            return committed;
        }

        @Override
        public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> ends = new HashMap<>();
            partitions.forEach(partition -> ends.put(partition, END));
            return ends;
        }

        @Override
        public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> beginnings = new HashMap<>();
            partitions.forEach(partition -> beginnings.put(partition, EARLIEST));
            return beginnings;
        }

        @Override
        public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
            return Map.of();
        }
    }

    private static TopicPartition in(KafkaSettings settings, int partition) {
        return new TopicPartition(settings.in(), partition);
    }

    private static KafkaSettings topics(String name, int partitions) throws Exception {
        KafkaSettings settings = new KafkaSettings(
                BROKER.bootstrap(),
                name + "-in",
                name + "-out",
                name + "-rejected",
                "group",
                KafkaSettings.Start.ANSWERED,
                false,
                false,
                60_000,
                Map.of());
        TopicOnBroker.create(BROKER.bootstrap(), settings.out(), partitions, Map.of());
        TopicOnBroker.create(BROKER.bootstrap(), name + "-rejected", 1, Map.of());
        return settings;
    }

    private static byte[] json(KafkaSettings settings, int partition, long offset) {
        return ("{\"session\":\"s\",\"next\":[{\"source_offset\":1}],\"source_topic\":\"" + settings.in()
                        + "\",\"source_partition\":" + partition + ",\"source_offset\":" + offset
                        + ",\"source_timestamp\":3}")
                .getBytes(UTF_8);
    }

    private static byte[] protobuf(KafkaSettings settings, int partition, long offset) {
        return Score.newBuilder()
                .setSource(Source.newBuilder()
                        .setTopic(settings.in())
                        .setPartition(partition)
                        .setOffset(offset))
                .build()
                .toByteArray();
    }

    private void write(String topic, int partition, boolean commits, List<byte[]> values) {
        send(
                commits,
                values.stream()
                        .map(value -> new ProducerRecord<byte[], byte[]>(topic, partition, null, value))
                        .toList());
    }

    private void deadLetter(KafkaSettings settings, int partition, long offset) {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(settings.topics().get(2), null, new byte[] {1});
        SourcePosition source = new SourcePosition(settings.in(), partition, offset, 0);
        letter.headers().add(DeadLetterHeaders.SOURCE_TOPIC, source.topic().getBytes(UTF_8));
        letter.headers()
                .add(
                        DeadLetterHeaders.SOURCE_PARTITION,
                        Integer.toString(partition).getBytes(UTF_8));
        letter.headers()
                .add(DeadLetterHeaders.SOURCE_OFFSET, Long.toString(offset).getBytes(UTF_8));
        send(true, List.of(letter));
    }

    private void send(boolean commits, List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", BROKER.bootstrap(), "transactional.id", "writer-" + transactions++);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            records.forEach(producer::send);
            producer.flush();
            if (commits) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }
}
