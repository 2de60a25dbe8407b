package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.kafka.SinkAttempt.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts of one subtask that overlap, as when a TaskManager is suspended, given up, and wakes up. */
class ExactlyOnceSinkIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(100);

    @TempDir
    private static Path directory;

    private static EmbeddedKafka broker;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = EmbeddedKafka.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void anAttemptThatWakesUpCannotAbortWhatItsSuccessorHasPromised() throws Exception {
        ExactlyOnceSink<String> sink = sink("wakes-up");
        SinkAttempt overslept = SinkAttempt.start(sink, new AttemptContext(0, 1, 0, 0));
        overslept.write("covered by checkpoint 1");
        overslept.commit(overslept.checkpoint(1));
        overslept.write("covered by checkpoint 2");
        Promise two = overslept.checkpoint(2);

        SinkAttempt successor = SinkAttempt.restore(sink, new AttemptContext(0, 1, 1, 2), two);
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
        SinkAttempt first = SinkAttempt.start(sink, new AttemptContext(0, 1, 0, 0));
        first.write("covered by checkpoint 1");
        Promise one = first.checkpoint(1);
        // an attempt in between that never got as far as a checkpoint, so that no state knows of it
        SinkAttempt second = SinkAttempt.restore(sink, new AttemptContext(0, 1, 1, 1), one);
        second.write("left open");
        assertThat(openTransactions("left-open")).hasSize(1);

        SinkAttempt third = SinkAttempt.restore(sink, new AttemptContext(0, 1, 2, 1), one);

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
        SinkAttempt first = SinkAttempt.start(sink, new AttemptContext(0, 1, 0, 0));
        first.write("covered by checkpoint 1");
        Promise one = first.checkpoint(1);
        first.commit(one);
        first.write("covered by checkpoint 2, which is never complete");
        first.checkpoint(2);
        first.write("left open under the id that checkpoint 1 promised");
        assertThat(openTransactions("begun-anew")).hasSize(2);

        SinkAttempt second = SinkAttempt.restore(sink, new AttemptContext(0, 1, 1, 1), one);

        assertThat(openTransactions("begun-anew")).isEmpty();
        second.write("covered by the next checkpoint 2");
        second.commit(second.checkpoint(2));
        second.close();
        assertThat(committed("begun-anew"))
                .containsExactly("covered by checkpoint 1", "covered by the next checkpoint 2");
        first.close();
    }

    private static ExactlyOnceSink<String> sink(String topic) {
        new BrokerCheck(broker.bootstrap(), Map.of()).createMissingTopics(List.of(topic), Optional.of(1));
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap());
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "600000");
        return new ExactlyOnceSink<>(topic, new Text(topic), properties);
    }

    private static List<String> openTransactions(String sink) throws Exception {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap());
        List<String> open = new ArrayList<>(new TransactionClient(properties).open());
        open.removeIf(id -> !id.startsWith(sink));
        return open;
    }

    /** What a reader sees on its way to the end of the topic, which it reaches once no transaction is open any more. */
    private static List<String> committed(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        long end = requireNonNull(new BrokerCheck(broker.bootstrap(), Map.of())
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
                        broker.bootstrap(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static final class Text extends ToTopic<String> {
        private static final long serialVersionUID = 1;

        Text(String topic) {
            super(topic);
        }

        @Override
        ProducerRecord<byte[], byte[]> recordOf(String value) {
            return new ProducerRecord<>(topic(), value.getBytes(UTF_8));
        }
    }
}
