package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.constraint.Constraint;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.BrokerExtension;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicRecord;
import io.bytelm.job.kafka.TopicWriter;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions that call three tools, driven and steered, through Kafka, while TaskManagers are lost: as many as {@code -Druns} says, and
 * one loss for each two thousand. The outputs are judged by another implementation of JSON Schema.
 */
class ToolCallsIT {
    private static final int RUNS = Integer.getInteger("runs", 60);
    private static final int RUNS_OF_A_LOSS = 2_000;
    private static final int AT_ONCE = 120;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(1)
            .build());

    @TempDir
    private static Path directory;

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    private final ToolCalls judge = new ToolCalls();
    private final Map<String, ToolCallRun> running = new HashMap<>();
    private int begun;
    private int done;
    private int losses;

    @Test
    void everyOutputIsCompleteAndCallsToolsAsTheyAreThoughTaskManagersAreLost(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        ScoringSettings settings = settings();
        JobClient job = start(settings);
        String deadLetters = requireNonNull(settings.kafka().deadLetters());
        try (TopicReader reader =
                        new TopicReader(BROKER.bootstrap(), settings.kafka().out());
                TopicReader refused = new TopicReader(BROKER.bootstrap(), deadLetters);
                TopicWriter writer =
                        new TopicWriter(BROKER.bootstrap(), settings.kafka().in())) {
            Constraint constraint = judge.compiled();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (done < RUNS) {
                assertThat(System.nanoTime())
                        .as("%d of %d runs are done", done, RUNS)
                        .isLessThan(deadline);
                begin(constraint, writer);
                int before = done;
                read(reader, writer);
                loseATaskManager(cluster);
                deadline = done > before ? System.nanoTime() + PATIENCE.toNanos() : deadline;
            }
            assertThat(refused.poll(POLL)).as("dead letters").isEmpty();
            assertThat(restores(cluster, job)).as("restores from a checkpoint").isGreaterThanOrEqualTo(losses);
            assertThat(losses).isPositive();
        } finally {
            job.cancel().get();
        }
    }

    private void begin(Constraint constraint, TopicWriter writer) {
        for (; begun < RUNS && running.size() < AT_ONCE; begun++) {
            ToolCallRun run = new ToolCallRun(begun, constraint);
            running.put(run.session(), run);
            run.open(judge.constraint(), writer);
        }
    }

    private void read(TopicReader reader, TopicWriter writer) throws Exception {
        for (TopicRecord record : reader.poll(POLL)) {
            JsonNode event = JSON.readTree(requireNonNull(record.value()));
            ToolCallRun run = running.get(event.get("session").textValue());
            assertThat(run)
                    .as("after its end: " + new String(record.value(), UTF_8))
                    .isNotNull();
            run.onEvent(event, judge, writer);
            if (run.isDone()) {
                running.remove(run.session());
                done++;
            }
        }
    }

    /** In the middle of the runs, and again after so many. */
    private void loseATaskManager(MiniCluster cluster) throws Exception {
        int next = Math.min(RUNS / 3, RUNS_OF_A_LOSS / 2) + losses * RUNS_OF_A_LOSS;
        if (done >= next && done < RUNS) {
            cluster.terminateTaskManager(losses).get(); // they are counted as they were started
            cluster.startTaskManager();
            losses++;
        }
    }

    private static ScoringSettings settings() {
        KafkaSettings kafka = new KafkaSettings(
                BROKER.bootstrap(),
                "calls-in",
                "calls-out",
                "calls-dead",
                "calls",
                KafkaSettings.Start.EARLIEST,
                false,
                false,
                600_000,
                Map.of());
        return new ScoringSettings(
                kafka,
                new ModelSettings(
                        null,
                        new EngineSettings("cpu", 1, 0, 0, 64 << 20, Precision.FLOAT32),
                        new ServiceSettings(32, 0, 64 << 20, 2)),
                SessionDefaults.STANDARD,
                SessionSettings.DEFAULT,
                ScoreFormat.JSON);
    }

    private static JobClient start(ScoringSettings settings) throws Exception {
        new BrokerCheck(BROKER.bootstrap(), Map.of())
                .createMissingTopics(settings.kafka().topics(), Optional.of(2));
        Path checkpoints = directory.resolve(settings.kafka().group());
        StreamExecutionEnvironment env =
                new FlinkSettings(2, 200L, checkpoints.toString(), null, Map.of()).environment(checkpoints);
        ScoringTopology.build(env, settings, settings.model());
        return env.executeAsync(settings.kafka().group());
    }

    private static long restores(MiniCluster cluster, JobClient job) throws Exception {
        return cluster.getExecutionGraph(job.getJobID())
                .get()
                .getCheckpointStatsSnapshot()
                .getCounts()
                .getNumberOfRestoredCheckpoints();
    }
}
