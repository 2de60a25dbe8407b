package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.bytelm.job.FlinkSettings;
import io.bytelm.record.binary.ImmutableTypeInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Records that a topic's retention takes away before a job has read them. */
class DeletedRecordsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String GROUP = "slow";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    private static Path directory;

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    /** What the job of the current test has read; tests run one after the other. */
    private static final Queue<String> READ = new ConcurrentLinkedQueue<>();

    private static final AtomicReference<CountDownLatch> READER_WAITS = new AtomicReference<>(new CountDownLatch(0));

    private String topic = "";

    @BeforeEach
    void createTopic(TestInfo test) {
        READ.clear();
        topic = test.getTestMethod().orElseThrow().getName();
        new BrokerCheck(BROKER.bootstrap(), Map.of()).createMissingTopics(List.of(topic), Optional.of(1));
    }

    /** One batch for each record, so that a consumer that fetches little has not fetched all. */
    private void send(int first, int last) throws Exception {
        for (int number = first; number <= last; number++) {
            try (TopicWriter writer = new TopicWriter(BROKER.bootstrap(), topic)) {
                writer.send(
                        "session".getBytes(UTF_8),
                        null,
                        Integer.toString(number).getBytes(UTF_8));
            }
        }
    }

    private void delete(long before) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrap()))) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
    }

    private void commit(long offset) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrap()))) {
            admin.alterConsumerGroupOffsets(GROUP, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                    .all()
                    .get();
        }
    }

    private KafkaSettings settings(KafkaSettings.Start start, boolean bounded, boolean skipDeleted) {
        return new KafkaSettings(
                BROKER.bootstrap(), topic, "out", null, GROUP, start, bounded, skipDeleted, 600_000, Map.of());
    }

    /** Restarts without end, so that only what is not retried comes to an end. */
    private StreamExecutionEnvironment environment(@Nullable String savepoint) {
        Map<String, String> restarts =
                Map.of("restart-strategy.type", "fixed-delay", "restart-strategy.fixed-delay.attempts", "1000000");
        return new FlinkSettings(1, 200L, directory.toString(), savepoint, restarts).environment(directory);
    }

    private JobClient start(KafkaSettings settings, @Nullable String savepoint) throws Exception {
        StreamExecutionEnvironment env = environment(savepoint);
        env.fromSource(
                        new KafkaEnds(settings).source(ImmutableTypeInfo.INPUT_RECORD),
                        WatermarkStrategy.noWatermarks(),
                        "records",
                        ImmutableTypeInfo.INPUT_RECORD)
                .uid("records")
                .map(record -> READ.add(new String(requireNonNull(record.value()), UTF_8)), Types.BOOLEAN)
                .uid("remember")
                .sinkTo(new DiscardingSink<>())
                .uid("discard");
        return env.executeAsync(topic);
    }

    private static void awaitEnd(JobClient job) throws Exception {
        job.getJobExecutionResult().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void awaitRead(String... values) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (READ.size() < values.length && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(READ).containsExactly(values);
    }

    private void assertEndsForWantOf(JobClient job, long offset) {
        Throwable failure = catchThrowable(() -> awaitEnd(job));
        assertThat(failure).hasRootCauseInstanceOf(DeletedRecordsException.class);
        assertThat(failure)
                .rootCause()
                .hasMessageStartingWith("records were deleted from topic " + topic + ", partition 0, offset " + offset
                        + " on before the job had read them: ");
    }

    @Test
    void aGroupThatIsBehindTheOldestRecordEndsTheJob() throws Exception {
        send(0, 19);
        commit(5);
        delete(10);
        assertEndsForWantOf(start(settings(KafkaSettings.Start.COMMITTED, true, false), null), 5);
        assertThat(READ).isEmpty();
    }

    @Test
    void whoWantsToGoOnGoesOnAtTheOldestRecord() throws Exception {
        send(0, 12);
        commit(5);
        delete(10);
        awaitEnd(start(settings(KafkaSettings.Start.COMMITTED, true, true), null));
        assertThat(READ).containsExactly("10", "11", "12");
    }

    @Test
    void aGroupBeginsWhereItStopped() throws Exception {
        send(0, 9);
        commit(7);
        awaitEnd(start(settings(KafkaSettings.Start.COMMITTED, true, false), null));
        assertThat(READ).containsExactly("7", "8", "9");
    }

    @Test
    void aNewGroupBeginsAtTheOldestRecordThatIsLeft() throws Exception {
        send(0, 9);
        delete(8);
        awaitEnd(start(settings(KafkaSettings.Start.COMMITTED, true, false), null));
        assertThat(READ).containsExactly("8", "9");
    }

    @Test
    void aJobThatIsResumedTooLateEnds() throws Exception {
        send(0, 3);
        KafkaSettings settings = settings(KafkaSettings.Start.EARLIEST, false, false);
        JobClient job = start(settings, null);
        awaitRead("0", "1", "2", "3");
        String savepoint = stop(job);
        send(4, 19);
        delete(10);
        assertEndsForWantOf(start(settings, savepoint), 4);
    }

    @Test
    void aJobThatBeganAtTheEndAndReadNothingGoesOnThere() throws Exception {
        send(0, 3);
        KafkaSettings settings = settings(KafkaSettings.Start.LATEST, false, false);
        JobClient job = start(settings, null);
        awaitSettled(job);
        String savepoint = stop(job);
        send(4, 5);
        JobClient resumed = start(settings, savepoint);
        awaitRead("4", "5");
        resumed.cancel().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** As savepoints have them of versions that left the beginning to the consumer. */
    @Test
    void aSplitWithoutABeginningBeginsWhereItsGroupStopped() throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        GroupOffsets offsets = new GroupOffsets(BROKER.bootstrap(), topic, GROUP, Map.of());
        KafkaPartitionSplit open = new KafkaPartitionSplit(partition, KafkaPartitionSplit.COMMITTED_OFFSET, 9);
        KafkaPartitionSplit settled = new KafkaPartitionSplit(partition, 3, 9);
        assertThat(offsets.settle(List.of(open)))
                .containsExactly(new KafkaPartitionSplit(partition, KafkaPartitionSplit.EARLIEST_OFFSET, 9));
        send(0, 9);
        commit(5);
        assertThat(offsets.settle(List.of(open, settled)))
                .containsExactly(new KafkaPartitionSplit(partition, 5, 9), settled);
    }

    @Test
    void aTopicThatLosesItsRecordsWhileItIsReadEndsTheRun() throws Exception {
        send(0, 19);
        READER_WAITS.set(new CountDownLatch(1));
        TopicRange range =
                new TopicRange(BROKER.bootstrap(), topic, null, null, Map.of("max.partition.fetch.bytes", "1"));
        StreamExecutionEnvironment env = environment(null);
        env.fromSource(
                        range.source(DeletedRecordsIT::waitAtTheSecond, Types.STRING),
                        WatermarkStrategy.noWatermarks(),
                        "documents",
                        Types.STRING)
                .sinkTo(new DiscardingSink<>());
        JobClient job = env.executeAsync(topic);
        awaitRead("0", "1");
        delete(18);
        requireNonNull(READER_WAITS.get()).countDown();
        Throwable failure = catchThrowable(() -> awaitEnd(job));
        assertThat(failure).hasRootCauseInstanceOf(DeletedRecordsException.class);
    }

    private static String waitAtTheSecond(String topic, int partition, long offset, byte @Nullable [] value) {
        READ.add(new String(requireNonNull(value), UTF_8));
        if (offset == 1) {
            try {
                requireNonNull(READER_WAITS.get()).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return "document";
    }

    private static String stop(JobClient job) throws Exception {
        return job.stopWithSavepoint(false, directory.resolve("savepoints").toString(), SavepointFormatType.CANONICAL)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** A savepoint of a job that has not yet learned where it begins holds no place at all. */
    private static void awaitSettled(JobClient job) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (job.getJobStatus().get() != JobStatus.RUNNING && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        Thread.sleep(3000);
    }
}
