package io.bytelm.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.BrokerExtension;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicRecord;
import io.bytelm.job.kafka.TopicWriter;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.Emission;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on two TaskManagers and a real broker, one TaskManager of which is lost on the way. */
class ScoringJobIT {
    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(200);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(1)
            .build());

    @TempDir
    private static Path directory;

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    @Test
    void everySessionIsScoredExactlyOnceAndInOrderThoughATaskManagerIsLost(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        ScoringSettings settings = settings("lost", false);
        SpokenSessions spoken = SpokenSessions.some();
        List<ExpectedScores.Line> expected = ExpectedScores.of(spoken, settings);
        JobClient job = start(settings, 2);
        try (TopicReader reader =
                new TopicReader(BROKER.bootstrap(), settings.kafka().out())) {
            send(settings, spoken.firstHalf());
            List<TopicRecord> scores = new ArrayList<>(readUntil(reader, 1));
            cluster.terminateTaskManager(0).get();
            cluster.startTaskManager();
            send(settings, spoken.secondHalf());
            scores.addAll(readUntil(reader, expected.size() - scores.size()));
            scores.addAll(reader.poll(Duration.ofSeconds(3))); // whatever comes now is a duplicate

            assertThat(restores(cluster, job)).as("restores from a checkpoint").isPositive();
            ExpectedScores.assertSame(scores, expected);
            String in = settings.kafka().in();
            SourcesOfScores.assertRight(scores, read(in, spoken.words().size()), in);
        } finally {
            job.cancel().get();
        }
    }

    @Test
    void whatCannotBeProcessedIsADeadLetterAsItCame() throws Exception {
        ScoringSettings settings = settings("dead", true);
        byte[] halfACharacter = {'c', 'a', 'f', (byte) 0xC3};
        byte[] oddKey = {0, (byte) 0xFF};
        createTopics(settings);
        try (TopicWriter writer =
                new TopicWriter(BROKER.bootstrap(), settings.kafka().in())) {
            writer.send(null, null, halfACharacter);
            writer.send(oddKey, "spell", halfACharacter);
            writer.send(oddKey, "open", "{\"k\":0}".getBytes(UTF_8));
            writer.send(oddKey, null, null);
            writer.send(oddKey, null, halfACharacter);
        }

        start(settings, 2).getJobExecutionResult().get();

        String topic = settings.kafka().deadLetters();
        assertThat(topic).isNotNull();
        try (TopicReader reader = new TopicReader(BROKER.bootstrap(), topic);
                TopicReader scores =
                        new TopicReader(BROKER.bootstrap(), settings.kafka().out())) {
            assertThat(readUntil(reader, 4))
                    .extracting(r -> r.headers().get("bytelm.op"), r -> text(r.key()), r -> text(r.value()))
                    .containsExactlyInAnyOrder(
                            tuple(null, null, text(halfACharacter)),
                            tuple("spell", text(oddKey), text(halfACharacter)),
                            tuple("open", text(oddKey), "{\"k\":0}"),
                            tuple(null, text(oddKey), null));
            assertThat(readUntil(scores, 1)).hasSize(1);
        }
    }

    @Test
    void twoJobsOfTheSameGroupDoNotFenceEachOther(@InjectMiniCluster MiniCluster cluster) throws Exception {
        ScoringSettings one = settings("one", "shared", false);
        ScoringSettings another = settings("another", "shared", false);
        JobClient first = start(one, 1);
        JobClient second = start(another, 1);
        try (TopicReader ofOne = new TopicReader(BROKER.bootstrap(), one.kafka().out());
                TopicReader ofAnother =
                        new TopicReader(BROKER.bootstrap(), another.kafka().out())) {
            for (int round = 0; round < 3; round++) {
                send(one, List.of(new SpokenSessions.Word("s", null, "Dear ".getBytes(UTF_8))));
                send(another, List.of(new SpokenSessions.Word("s", null, "Sir, ".getBytes(UTF_8))));
                assertThat(readUntil(ofOne, 1)).hasSize(1);
                assertThat(readUntil(ofAnother, 1)).hasSize(1);
            }
            for (JobClient job : List.of(first, second)) {
                assertThat(cluster.getExecutionGraph(job.getJobID()).get().getFailureInfo())
                        .as("failure of job %s", job.getJobID())
                        .isNull();
            }
        } finally {
            first.cancel().get();
            second.cancel().get();
        }
    }

    @Test
    void aJobThatIsStoppedAndResumedFromItsCheckpointsGoesOnInTheMiddleOfATextAndNotBeforeIt() throws Exception {
        ScoringSettings settings = settings("stopped", false);
        JobClient first = start(settings, 1);
        try (TopicReader reader =
                new TopicReader(BROKER.bootstrap(), settings.kafka().out())) {
            send(settings, List.of(new SpokenSessions.Word("s", null, "Dear ".getBytes(UTF_8))));
            readUntil(reader, 1);
            stop(first);

            JobClient resumed = start(settings, 1, checkpointsOf(settings).toString());
            try {
                send(settings, List.of(new SpokenSessions.Word("s", null, "Sir, ".getBytes(UTF_8))));
                assertThat(readUntil(reader, 1))
                        .singleElement()
                        .satisfies(score -> assertThat(text(score.value())).contains("\"bytes\":10,"));
            } finally {
                stop(resumed);
            }
        }
    }

    /** Returns when the job is gone, so that its slots are free. */
    private static void stop(JobClient job) throws Exception {
        job.cancel().get();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!job.getJobStatus().get().isGloballyTerminalState()) {
            assertThat(System.nanoTime()).as("the job stops").isLessThan(deadline);
            Thread.sleep(POLL.toMillis());
        }
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, ISO_8859_1);
    }

    private static ScoringSettings settings(String name, boolean bounded) {
        return settings(name, name, bounded);
    }

    private static ScoringSettings settings(String name, String group, boolean bounded) {
        KafkaSettings kafka = new KafkaSettings(
                BROKER.bootstrap(),
                name + "-in",
                name + "-out",
                name + "-dead",
                group,
                KafkaSettings.Start.EARLIEST,
                bounded,
                false,
                600_000,
                Map.of());
        SessionDefaults standard = SessionDefaults.STANDARD;
        SessionDefaults defaults = new SessionDefaults(
                3,
                0.01,
                List.of(),
                true,
                standard.healMaxBackoff(),
                standard.healMaxSplits(),
                new Emission(Emission.When.CHUNK, 2),
                standard.maxChunkBytes(),
                true);
        ModelSettings model = new ModelSettings(
                null,
                new EngineSettings("cpu", 1, 0, 0, 64 << 20, Precision.FLOAT32),
                new ServiceSettings(32, 0, 64 << 20, 2));
        return new ScoringSettings(kafka, model, defaults, SessionSettings.DEFAULT, ScoreFormat.JSON);
    }

    private static void createTopics(ScoringSettings settings) {
        new BrokerCheck(BROKER.bootstrap(), Map.of())
                .createMissingTopics(settings.kafka().topics(), Optional.of(PARTITIONS));
    }

    private static Path checkpointsOf(ScoringSettings settings) {
        return directory.resolve(settings.kafka().in());
    }

    private static JobClient start(ScoringSettings settings, int parallelism) throws Exception {
        return start(settings, parallelism, null);
    }

    private static JobClient start(ScoringSettings settings, int parallelism, @Nullable String resumeFrom)
            throws Exception {
        createTopics(settings);
        Path checkpoints = checkpointsOf(settings);
        StreamExecutionEnvironment env = new FlinkSettings(
                        parallelism, 200L, checkpoints.toString(), resumeFrom, Map.of())
                .environment(checkpoints);
        ScoringTopology.build(env, settings);
        return env.executeAsync(settings.kafka().in());
    }

    private static void send(ScoringSettings settings, List<SpokenSessions.Word> words) {
        try (TopicWriter writer =
                new TopicWriter(BROKER.bootstrap(), settings.kafka().in())) {
            words.forEach(word -> writer.send(word.session().getBytes(UTF_8), word.op(), word.value()));
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

    private static List<TopicRecord> read(String topic, int count) {
        try (TopicReader reader = new TopicReader(BROKER.bootstrap(), topic)) {
            return readUntil(reader, count);
        }
    }

    private static long restores(MiniCluster cluster, JobClient job) throws Exception {
        return cluster.getExecutionGraph(job.getJobID())
                .get()
                .getCheckpointStatsSnapshot()
                .getCounts()
                .getNumberOfRestoredCheckpoints();
    }
}
