package io.bytelm.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.SessionSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What savepoints depend on: names of operators, and into how many parts keyed state is cut. */
class ScoringTopologyTest {
    private static StreamGraph graph(@Nullable String deadLetters) {
        KafkaSettings kafka = new KafkaSettings(
                "localhost:9092",
                "in",
                "out",
                deadLetters,
                "group",
                KafkaSettings.Start.COMMITTED,
                false,
                false,
                600_000,
                Map.of());
        ModelSettings model = new ModelSettings(
                null,
                new EngineSettings("cpu", 1, 0, 0, 64 << 20, Precision.FLOAT32),
                new ServiceSettings(32, 0, 64 << 20, 2));
        Configuration strict = new Configuration();
        strict.set(PipelineOptions.GENERIC_TYPES, false); // no type falls back to Kryo
        strict.set(PipelineOptions.AUTO_GENERATE_UIDS, false); // no operator lacks a uid
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(strict);
        ScoringTopology.build(
                env,
                new ScoringSettings(kafka, model, SessionDefaults.STANDARD, SessionSettings.DEFAULT, ScoreFormat.JSON));
        return env.getStreamGraph(false);
    }

    private static List<String> uids(StreamGraph graph) {
        return graph.getStreamNodes().stream()
                .map(StreamNode::getTransformationUID)
                .filter(Objects::nonNull)
                .toList();
    }

    @Test
    void theOperatorsUidsAreThoseOfEverySavepoint() {
        assertThat(uids(graph("dead"))).contains("bytes", "sessions");
        assertThat(uids(graph(null))).contains("bytes", "sessions");
    }

    @Test
    void keyedStateIsInOneHundredAndTwentyEightParts() {
        StreamNode sessions = graph("dead").getStreamNodes().stream()
                .filter(node -> "sessions".equals(node.getTransformationUID()))
                .findFirst()
                .orElseThrow();
        assertThat(sessions.getMaxParallelism()).isEqualTo(128);
    }
}
