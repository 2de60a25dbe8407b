package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.kafka.BrokerExtension;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.job.kafka.TopicOnBroker;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicRecord;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job with defaults, on a broker with defaults, and a producer that sends what is as large as may be. */
class OversizedRecordsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(200);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    @TempDir
    private static Path directory;

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    @Test
    void everySessionIsScoredBesideRecordsThatAreTooLargeForTheirDeadLetters(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        KafkaSettings kafka = createTopics("hostile", true);
        byte[] hugeKey = bytes(400_000);
        try (KafkaProducer<byte[], byte[]> producer = zstdProducer()) {
            send(producer, kafka, "s", null, "Dear ".getBytes(UTF_8));
            send(producer, kafka, null, null, bytes(1_048_300));
            send(producer, kafka, "s", "byts", bytes(1_048_300));
            send(producer, kafka, "s", null, new byte[3_000_000]);
            producer.send(new ProducerRecord<>(kafka.in(), hugeKey, "Dear ".getBytes(UTF_8)));
            send(producer, kafka, "s", "end", null);
        }

        JobClient job = start(kafka);
        job.getJobExecutionResult().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(read(kafka.deadLetters(), 3))
                .extracting(record -> record.headers().get("bytelm.error.reason"))
                .containsExactlyInAnyOrder("no-key", "unknown-op", "oversized-chunk");
        List<TopicRecord> scores = read(kafka.out(), 3);
        assertThat(scores)
                .filteredOn(record -> Arrays.equals(record.key(), hugeKey))
                .hasSize(1);
        assertThat(scores)
                .filteredOn(record -> !Arrays.equals(record.key(), hugeKey))
                .hasSize(2);
        assertThat(restarts(cluster, job)).as("restarts").isZero();
    }

    @Test
    void headersComeAlongAndALongOneIsLeftOutWhereItDoesNotFit() throws Exception {
        KafkaSettings kafka = createTopics("headers", true);
        List<Header> sent = List.of(
                new RecordHeader("trace", "1".getBytes(UTF_8)),
                new RecordHeader("bytelm.op", "byts".getBytes(UTF_8)),
                new RecordHeader("none", null),
                new RecordHeader("trace", new byte[] {(byte) 0xFF}));
        List<Header> tooMany = new ArrayList<>(sent);
        tooMany.add(1, new RecordHeader("picture", new byte[3_000_000]));
        byte[] key = {'s'};
        try (KafkaProducer<byte[], byte[]> producer = zstdProducer()) {
            producer.send(new ProducerRecord<>(kafka.in(), null, key, bytes(20), sent))
                    .get();
            producer.send(new ProducerRecord<>(kafka.in(), null, key, bytes(20), tooMany))
                    .get();
        }

        start(kafka).getJobExecutionResult().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        List<ConsumerRecord<byte[], byte[]>> letters =
                new TopicOnBroker(BROKER.bootstrap(), requireNonNull(kafka.deadLetters())).committed();
        assertThat(letters)
                .hasSize(2)
                .allSatisfy(letter -> assertThat(letter.headers().toArray()).startsWith(sent.toArray(Header[]::new)));
        assertThat(TopicOnBroker.header(letters.get(0), "bytelm.headers.cut")).isEqualTo("none");
        assertThat(TopicOnBroker.header(letters.get(1), "bytelm.headers.cut")).isEqualTo("3000007");
        assertThat(letters.get(1).value()).hasSize(20);
    }

    @Test
    void aTopicsLimitThatIsLoweredCostsARestartAndNoTaskManager(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        KafkaSettings kafka = createTopics("lowered", false);
        String longKey = "k".repeat(6000);
        JobClient job = start(kafka);
        try (KafkaProducer<byte[], byte[]> producer = zstdProducer();
                TopicReader scores = new TopicReader(BROKER.bootstrap(), kafka.out())) {
            send(producer, kafka, longKey, null, "Dear ".getBytes(UTF_8));
            assertThat(readUntil(scores, 1)).hasSize(1);
            new TopicOnBroker(BROKER.bootstrap(), kafka.out()).set("max.message.bytes", "5000");
            Thread.sleep(2000); // the broker hears of it
            send(producer, kafka, longKey, null, "Sir, ".getBytes(UTF_8));

            TopicRecord cut = readUntil(scores, 1).get(0);

            assertThat(new String(cut.value(), UTF_8)).contains("\"event\":\"too_large\"", "\"bytes\":10");
            assertThat(restarts(cluster, job)).as("restarts").isPositive();
            assertThat(cluster.requestClusterOverview().get().getNumTaskManagersConnected())
                    .isEqualTo(1);
        } finally {
            job.cancel().get();
        }
    }

    private static KafkaProducer<byte[], byte[]> zstdProducer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", BROKER.bootstrap(),
                        "compression.type", "zstd",
                        "max.request.size", "8000000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            KafkaSettings kafka,
            @Nullable String session,
            @Nullable String op,
            byte @Nullable [] value)
            throws Exception {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(kafka.in(), session == null ? null : session.getBytes(UTF_8), value);
        if (op != null) {
            record.headers().add("bytelm.op", op.getBytes(UTF_8));
        }
        producer.send(record).get();
    }

    private static KafkaSettings createTopics(String name, boolean bounded) throws Exception {
        KafkaSettings kafka = new KafkaSettings(
                BROKER.bootstrap(),
                name + "-in",
                name + "-out",
                name + "-dead",
                name,
                KafkaSettings.Start.EARLIEST,
                bounded,
                false,
                600_000,
                Map.of());
        for (String topic : kafka.topics()) {
            TopicOnBroker.create(BROKER.bootstrap(), topic, 1, Map.of());
        }
        return kafka;
    }

    private static JobClient start(KafkaSettings kafka) throws Exception {
        Path checkpoints = directory.resolve(kafka.in());
        StreamExecutionEnvironment env =
                new FlinkSettings(1, 200L, checkpoints.toString(), null, Map.of()).environment(checkpoints);
        ModelSettings model = new ModelSettings(
                null,
                new EngineSettings("cpu", 1, 0, 0, 64 << 20, Precision.FLOAT32),
                new ServiceSettings(32, 0, 64 << 20, 2));
        ScoringTopology.build(
                env,
                new ScoringSettings(kafka, model, SessionDefaults.STANDARD, SessionSettings.DEFAULT, ScoreFormat.JSON));
        return env.executeAsync(kafka.in());
    }

    private static List<TopicRecord> read(@Nullable String topic, int count) {
        assertThat(topic).isNotNull();
        try (TopicReader reader = new TopicReader(BROKER.bootstrap(), topic)) {
            List<TopicRecord> records = readUntil(reader, count);
            records.addAll(reader.poll(POLL.multipliedBy(5)));
            assertThat(records).hasSize(count);
            return records;
        }
    }

    private static List<TopicRecord> readUntil(TopicReader reader, int count) {
        List<TopicRecord> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records.size() < count && System.nanoTime() < deadline) {
            records.addAll(reader.poll(POLL));
        }
        assertThat(records).as("records committed within %s", PATIENCE).hasSizeGreaterThanOrEqualTo(count);
        return records;
    }

    private static long restarts(MiniCluster cluster, JobClient job) throws Exception {
        return cluster.getExecutionGraph(job.getJobID())
                .get()
                .getAllExecutionVertices()
                .iterator()
                .next()
                .getCurrentExecutionAttempt()
                .getAttemptNumber();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
