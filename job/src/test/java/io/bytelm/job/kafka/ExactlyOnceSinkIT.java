package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.kafka.SinkAttempt.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Attempts of one subtask that overlap, as when a TaskManager is suspended, given up, and wakes up. */
class ExactlyOnceSinkIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(100);

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    @Test
    void anAttemptThatWakesUpCannotAbortWhatItsSuccessorHasPromised() throws Exception {
        ExactlyOnceSink<String> sink = sink("wakes-up");
        SinkAttempt<String> overslept = SinkAttempt.start(sink, new AttemptContext(0, 1, 0, 0));
        overslept.write("covered by checkpoint 1");
        overslept.commit(overslept.checkpoint(1));
        overslept.write("covered by checkpoint 2");
        Promise two = overslept.checkpoint(2);

        SinkAttempt<String> successor = SinkAttempt.restore(sink, new AttemptContext(0, 1, 1, 2), two);
        successor.write("covered by checkpoint 3");
        Promise three = successor.checkpoint(3);
        // the barrier of a checkpoint that was asked for before it fell asleep: it begins another transaction, and if
        // attempts shared ids, that would be the one that its successor has promised
        overslept.checkpoint(3);
        overslept.write("written by a ghost");
        overslept.close();
        successor.commit(three);
        successor.close();

        assertThat(committed("wakes-up"))
                .containsExactly("covered by checkpoint 1", "covered by checkpoint 2", "covered by checkpoint 3");
    }

    @Test
    void whatALostAttemptLeftOpenKeepsNoReaderWaiting() throws Exception {
        ExactlyOnceSink<String> sink = sink("left-open");
        SinkAttempt<String> first = SinkAttempt.start(sink, new AttemptContext(0, 1, 0, 0));
        first.write("covered by checkpoint 1");
        Promise one = first.checkpoint(1);
        // an attempt in between that never got as far as a checkpoint, so that no state knows of it
        SinkAttempt<String> second = SinkAttempt.restore(sink, new AttemptContext(0, 1, 1, 1), one);
        second.write("left open");
        assertThat(openTransactions("left-open")).hasSize(1);

        SinkAttempt<String> third = SinkAttempt.restore(sink, new AttemptContext(0, 1, 2, 1), one);

        assertThat(openTransactions("left-open")).isEmpty();
        third.write("covered by checkpoint 2");
        third.commit(third.checkpoint(2));
        third.close();
        assertThat(committed("left-open")).containsExactly("covered by checkpoint 1", "covered by checkpoint 2");
        first.close();
        second.close();
    }

    @Test
    void whatWasBegunAnewUnderAPromisedIdKeepsNoReaderWaitingEither() throws Exception {
        ExactlyOnceSink<String> sink = sink("begun-anew");
        SinkAttempt<String> first = SinkAttempt.start(sink, new AttemptContext(0, 1, 0, 0));
        first.write("covered by checkpoint 1");
        Promise one = first.checkpoint(1);
        first.commit(one);
        first.write("covered by checkpoint 2, which is never complete");
        first.checkpoint(2);
        first.write("left open under the id that checkpoint 1 promised");
        assertThat(openTransactions("begun-anew")).hasSize(2);

        SinkAttempt<String> second = SinkAttempt.restore(sink, new AttemptContext(0, 1, 1, 1), one);

        assertThat(openTransactions("begun-anew")).isEmpty();
        second.write("covered by the next checkpoint 2");
        second.commit(second.checkpoint(2));
        second.close();
        assertThat(committed("begun-anew"))
                .containsExactly("covered by checkpoint 1", "covered by the next checkpoint 2");
        first.close();
    }

    @Test
    void aSavepointOfAnEarlierVersionIsGoneOnFromAndAnotherJobWithTheSameIdsIsLeftAlone() throws Exception {
        // as an earlier version named its transactions: out of the same words as another job's
        SinkName before = new SinkName("group-events-migrated-scores", "unused");
        SinkName after = new SinkName("group:events:migrated:scores", before.name());
        SinkAttempt<String> other = SinkAttempt.start(sink("another", before), new AttemptContext(0, 1, 0, 0).ofJob(9));
        SinkAttempt<String> old = SinkAttempt.start(sink("migrated", before), new AttemptContext(0, 1, 0, 0).ofJob(8));
        old.write("covered by the savepoint");
        Promise savepoint = old.checkpoint(1);
        old.write("left open");
        other.write("promised by another job");
        Promise promised = other.checkpoint(1);
        other.write("still written by another job");
        assertThat(openTransactions(before.name())).hasSize(4);

        SinkAttempt<String> resumed =
                SinkAttempt.restore(sink("migrated", after), new AttemptContext(0, 1, 0, 1).ofJob(10), savepoint);

        assertThat(openTransactions(before.name())).as("the other job's").hasSize(2);
        resumed.write("written by this version");
        Promise next = resumed.checkpoint(2);
        resumed.commit(next);
        assertThat(openTransactions(after.name())).isEmpty();
        other.commit(promised);
        other.commit(other.checkpoint(2));
        assertThat(committed("migrated")).containsExactly("covered by the savepoint", "written by this version");
        assertThat(committed("another")).containsExactly("promised by another job", "still written by another job");
        old.close();
        other.close();
        resumed.close();
    }

    @Test
    void aWriterLeavesNoThreadAndNoIdBehind() throws Exception {
        ExactlyOnceSink<String> sink = sink("opened-often");
        SinkAttempt.start(sink, new AttemptContext(0, 1, 0, 0)).close();
        Set<String> before = kafkaThreads();

        for (int attempt = 1; attempt <= 5; attempt++) {
            SinkAttempt<String> started = SinkAttempt.start(sink, new AttemptContext(0, 1, attempt, 0));
            for (int checkpoint = 1; checkpoint <= 4; checkpoint++) {
                started.write("attempt " + attempt + ", checkpoint " + checkpoint);
                started.commit(started.checkpoint(checkpoint));
            }
            started.close();
        }

        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!before.containsAll(kafkaThreads()) && System.nanoTime() < deadline) {
            Thread.sleep(POLL.toMillis()); // a producer's thread ends soon after it is closed
        }
        assertThat(before).as("threads of Kafka's clients, before").containsAll(kafkaThreads());
        assertThat(knownIds("opened-often-"))
                .as("two for each attempt that wrote")
                .hasSize(1 + 5 * 2);
    }

    @Test
    void afterARefusedRecordClosingIsQuiet() throws Exception {
        SinkAttempt<String> attempt = SinkAttempt.start(sink("refused"), new AttemptContext(0, 1, 0, 0));
        attempt.write("before");
        setMaxMessageBytes("refused", 200);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) { // the broker hears of its new limit in a moment
                        attempt.write("x".repeat(1000));
                        Thread.sleep(POLL.toMillis());
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("topic refused")
                .hasMessageContaining("RecordTooLargeException");
        assertThatCode(attempt::close).doesNotThrowAnyException();
    }

    private static void setMaxMessageBytes(String topic, int bytes) throws Exception {
        try (Admin admin = Admin.create(properties())) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static Set<String> kafkaThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("kafka-admin-client-thread")
                        || name.startsWith("kafka-producer-network-thread"))
                .collect(Collectors.toSet());
    }

    private static List<String> knownIds(String prefix) throws Exception {
        try (Admin admin = Admin.create(properties())) {
            return admin.listTransactions().all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith(prefix))
                    .toList();
        }
    }

    private static ExactlyOnceSink<String> sink(String topic) {
        return sink(topic, new SinkName(topic, "earlier " + topic));
    }

    private static ExactlyOnceSink<String> sink(String topic, SinkName name) {
        new BrokerCheck(BROKER.bootstrap(), Map.of()).createMissingTopics(List.of(topic), Optional.of(1));
        return new ExactlyOnceSink<>(name, new Text(topic), properties());
    }

    private static Properties properties() {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, BROKER.bootstrap());
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "600000");
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return properties;
    }

    private static List<String> openTransactions(String sink) throws Exception {
        List<String> open = new ArrayList<>(new TransactionClient(properties()).open());
        open.removeIf(id -> !id.startsWith(sink));
        return open;
    }

    /** What a reader sees on its way to the end of the topic, which it reaches once no transaction is open any more. */
    private static List<String> committed(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        long end = requireNonNull(new BrokerCheck(BROKER.bootstrap(), Map.of())
                .offsets(topic, OffsetSpec.latest())
                .get(partition));
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> reader = reader()) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (reader.position(partition) < end) {
                assertThat(System.nanoTime())
                        .as("the reader waits behind %s, and not at offset %d", values, end)
                        .isLessThan(deadline);
                reader.poll(POLL).forEach(record -> values.add(new String(record.value(), UTF_8)));
            }
        }
        return values;
    }

    private static KafkaConsumer<byte[], byte[]> reader() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        BROKER.bootstrap(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    static final class Text extends ToTopic<String> {
        private static final long serialVersionUID = 1;

        Text(String topic) {
            super(topic);
        }

        @Override
        ProducerRecord<byte[], byte[]> recordOf(String value) {
            return new ProducerRecord<>(topic(), value.getBytes(UTF_8));
        }

        @Override
        ProducerRecord<byte[], byte[]> shortenedTo(WriteLimit limit, String value, int wholeBytes) {
            return new ProducerRecord<>(topic(), "too large".getBytes(UTF_8));
        }
    }
}
