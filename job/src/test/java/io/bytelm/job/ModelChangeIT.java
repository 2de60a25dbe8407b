package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.EmbeddedKafka;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicRecord;
import io.bytelm.job.kafka.TopicWriter;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.wire.SourceFields;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.ModelChange;
import io.bytelm.session.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A savepoint of the whole job, resumed with a model that reads less of a context. */
class ModelChangeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CONTEXT_TOKENS = 64;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    private static Path directory;

    private static ScoringSettings settings(EmbeddedKafka broker, int contextTokens, ModelChange change) {
        KafkaSettings kafka = new KafkaSettings(
                broker.bootstrap(),
                "in",
                "out",
                null,
                "model-change",
                KafkaSettings.Start.EARLIEST,
                false,
                600_000,
                Map.of());
        ModelSettings model = new ModelSettings(
                null,
                new EngineSettings("cpu", 1, contextTokens, 0, 64 << 20, Precision.FLOAT32),
                new ServiceSettings(32, 0, 64 << 20, 2));
        return new ScoringSettings(
                kafka,
                model,
                SessionDefaults.STANDARD,
                SessionSettings.DEFAULT,
                ScoreFormat.JSON,
                SourceFields.WRITTEN,
                change);
    }

    /** Restarts without end, so that only what is not retried comes to an end. */
    private static JobClient start(ScoringSettings settings, @Nullable String savepoint) throws Exception {
        Map<String, String> restarts =
                Map.of("restart-strategy.type", "fixed-delay", "restart-strategy.fixed-delay.attempts", "1000000");
        StreamExecutionEnvironment env =
                new FlinkSettings(2, 200L, directory.toString(), savepoint, restarts).environment(directory);
        ScoringTopology.build(env, settings);
        return env.executeAsync("model change");
    }

    private static JsonNode next(TopicReader reader) throws Exception {
        List<TopicRecord> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records.isEmpty() && System.nanoTime() < deadline) {
            records.addAll(reader.poll(Duration.ofMillis(200)));
        }
        assertThat(records).hasSize(1);
        return new ObjectMapper().readTree(records.get(0).value());
    }

    @Test
    void theJobStopsWithOneLineOrBeginsItsSessionsAnew() throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"))) {
            new BrokerCheck(broker.bootstrap(), Map.of()).createMissingTopics(List.of("in", "out"), Optional.of(1));
            try (TopicWriter writer = new TopicWriter(broker.bootstrap(), "in");
                    TopicReader reader = new TopicReader(broker.bootstrap(), "out")) {
                JobClient first = start(settings(broker, CONTEXT_TOKENS, ModelChange.REFUSED), null);
                writer.send("s".getBytes(UTF_8), null, "Once upon a time".getBytes(UTF_8));
                assertThat(next(reader).get("bytes").asInt()).isEqualTo(16);
                String savepoint = first.stopWithSavepoint(
                                false, directory.resolve("savepoints").toString(), SavepointFormatType.CANONICAL)
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

                JobClient refused = start(settings(broker, CONTEXT_TOKENS / 2, ModelChange.REFUSED), savepoint);
                Throwable failure = catchThrowable(
                        () -> refused.getJobExecutionResult().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
                assertThat(failure).hasRootCauseInstanceOf(ModelException.class);
                assertThat(failure)
                        .hasRootCauseMessage(
                                "the sessions of this savepoint or checkpoint were read with context stride"
                                        + " 32, context tokens 64, but this job has context stride 16, context tokens 32: resume"
                                        + " them with the model and settings they were begun with, or begin all sessions anew"
                                        + " with --allow-model-change");

                JobClient anew =
                        start(settings(broker, CONTEXT_TOKENS / 2, ModelChange.BEGINS_SESSIONS_ANEW), savepoint);
                writer.send("s".getBytes(UTF_8), null, "Once upon".getBytes(UTF_8));
                JsonNode score = next(reader);
                assertThat(score.get("bytes").asInt()).isEqualTo(9);
                assertThat(score.get("restarted").asText()).isEqualTo("model-changed");
                anew.cancel().get();
            }
        }
    }
}
