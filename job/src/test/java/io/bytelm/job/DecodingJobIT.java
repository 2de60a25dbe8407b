package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.BrokerExtension;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicRecord;
import io.bytelm.job.kafka.TopicWriter;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.AllSessionsLogic;
import io.bytelm.session.SessionSettings;
import io.bytelm.session.Transition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
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

/** Decoding sessions through Kafka, in the job that also scores. */
class DecodingJobIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String DRIVEN = """
            {"mode":"driven","prompt":"The people of the village: ","emit":"byte","top":2,"max_bytes":1500,"seed":7,
             "constraint":{"kind":"json-schema","source":{"type":"array","minItems":20,"items":{"type":"object",
              "properties":{"name":{"type":"string","maxLength":20},"age":{"type":"integer","minimum":0,"maximum":120}},
              "required":["name","age"],"additionalProperties":false}}}}""";
    private static final String STEERED = """
            {"mode":"steered","prompt":"It was a ","top":3,"constraint":{"kind":"regex","source":"(old|dark) (cat|dog)"}}""";

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
    void aDrivenSessionWritesTheSameBytesThoughATaskManagerIsLostInTheMiddle(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        ScoringSettings settings = settings("driven");
        byte[] expected = decodedHere(settings);
        int requests = HeldServiceSource.asked();
        int answeredBeforeTheLoss = requests + requests / 2;
        JobClient job = start(settings, new HeldServiceSource(settings.model(), answeredBeforeTheLoss));
        try (TopicReader reader =
                new TopicReader(BROKER.bootstrap(), settings.kafka().out())) {
            send(settings, "open", DRIVEN.getBytes(UTF_8));
            List<JsonNode> events = new ArrayList<>();
            readUntil(reader, events, 1);
            assertThat(events).as("before the loss").noneMatch(DecodingJobIT::isEnd);
            cluster.terminateTaskManager(0).get();
            HeldServiceSource.letGo();
            cluster.startTaskManager();
            while (events.stream().noneMatch(DecodingJobIT::isEnd)) {
                readUntil(reader, events, events.size() + 1);
            }
            reader.poll(Duration.ofSeconds(2)).forEach(duplicate -> events.add(read(duplicate.value())));

            assertThat(restores(cluster, job)).as("restores from a checkpoint").isPositive();
            assertThat(HeldServiceSource.asked())
                    .as("requests, so that some were held")
                    .isGreaterThan(answeredBeforeTheLoss);
            assertIsTold(events, new String(expected, UTF_8));
        } finally {
            job.cancel().get();
        }
    }

    private static void assertIsTold(List<JsonNode> events, String expected) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        List<JsonNode> generated = events.subList(0, events.size() - 1);
        generated.forEach(event -> told.writeBytes(
                event.get("text").isNull()
                        ? HexFormat.of().parseHex(event.get("text_hex").textValue())
                        : event.get("text").textValue().getBytes(UTF_8)));
        JsonNode end = events.get(events.size() - 1);
        assertThat(generated).allMatch(event -> event.get("event").textValue().equals("generated"));
        assertThat(isEnd(end)).isTrue();
        assertThat(end.get("text").textValue()).isEqualTo(expected).isEqualTo(told.toString(UTF_8));
        assertThat(end.get("complete").booleanValue()).isTrue();
        assertThat(end.get("log_weight").doubleValue()).isNegative();
        assertThat(generated)
                .filteredOn(event -> event.get("forced").intValue() > 5)
                .isNotEmpty();
        JsonNode people = read(expected.getBytes(UTF_8));
        assertThat(people.size()).isGreaterThanOrEqualTo(20);
        assertThat(people)
                .allMatch(person -> person.size() == 2
                        && person.get("name").isTextual()
                        && person.get("age").isIntegralNumber());
    }

    @Test
    void aSteeredSessionIsLedByItsClient() throws Exception {
        ScoringSettings settings = settings("steered");
        JobClient job = start(settings, settings.model());
        String deadLetters = requireNonNull(settings.kafka().deadLetters());
        try (TopicReader reader =
                        new TopicReader(BROKER.bootstrap(), settings.kafka().out());
                TopicReader refused = new TopicReader(BROKER.bootstrap(), deadLetters)) {
            List<JsonNode> events = new ArrayList<>();
            send(settings, "open", STEERED.getBytes(UTF_8));
            StringBuilder chosen = new StringBuilder();
            boolean accepting = false;
            while (!accepting) {
                readUntil(reader, events, events.size() + 1);
                JsonNode next = events.get(events.size() - 1);
                assertThat(next.get("bytes").intValue()).isEqualTo(chosen.length());
                accepting = next.get("accepting").booleanValue();
                if (!accepting) {
                    int best = next.get("next").get(0).get("byte").intValue();
                    send(settings, null, new byte[] {(byte) best});
                    chosen.append((char) best);
                }
            }
            send(settings, null, new byte[] {'s'});
            send(settings, "end", new byte[0]);
            readUntil(reader, events, events.size() + 1);

            assertThat(chosen.toString()).matches("(old|dark) (cat|dog)");
            assertThat(events.get(events.size() - 1).get("text").textValue()).isEqualTo(chosen.toString());
            assertThat(refused.poll(PATIENCE).get(0).headers())
                    .containsEntry("bytelm.error.reason", "byte-not-allowed");
        } finally {
            job.cancel().get();
        }
    }

    private static boolean isEnd(JsonNode event) {
        return event.get("event").textValue().equals("end");
    }

    private static JsonNode read(byte @Nullable [] json) {
        try {
            return STRICT.readTree(requireNonNull(json));
        } catch (IOException e) {
            throw new AssertionError(new String(json, UTF_8), e);
        }
    }

    /** What the job must draw, drawn in this thread: no Flink, no Kafka, no failure. */
    private static byte[] decodedHere(ScoringSettings settings) {
        InputRecord open = new InputRecord(
                "session".getBytes(UTF_8), "open", DRIVEN.getBytes(UTF_8), new SourcePosition("in", 0, 0, 0));
        try (TrieLmService service = new HeldServiceSource(settings.model(), Integer.MAX_VALUE).open()) {
            AllSessionsLogic logic = new AllSessionsLogic(
                    settings.defaults(), service.vocabulary(), service.contextTokens(), Runnable::run);
            SessionState state = null;
            while (true) {
                Transition<SessionState> transition =
                        logic.onRecord(state, open).run(new ServiceAnswers(service));
                state = transition.state();
                if (!transition.goesOn()) {
                    List<OutputRecord> outputs = transition.outputs();
                    return ((Finished) outputs.get(outputs.size() - 1)).output().bytes();
                }
            }
        }
    }

    private static ScoringSettings settings(String name) {
        KafkaSettings kafka = new KafkaSettings(
                BROKER.bootstrap(),
                name + "-in",
                name + "-out",
                name + "-dead",
                name,
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

    private static JobClient start(ScoringSettings settings, ServiceSource service) throws Exception {
        new BrokerCheck(BROKER.bootstrap(), Map.of())
                .createMissingTopics(settings.kafka().topics(), Optional.of(2));
        Path checkpoints = directory.resolve(settings.kafka().group());
        StreamExecutionEnvironment env =
                new FlinkSettings(2, 200L, checkpoints.toString(), null, Map.of()).environment(checkpoints);
        ScoringTopology.build(env, settings, service);
        return env.executeAsync(settings.kafka().group());
    }

    private static void send(ScoringSettings settings, @Nullable String op, byte[] value) {
        try (TopicWriter writer =
                new TopicWriter(BROKER.bootstrap(), settings.kafka().in())) {
            writer.send("session".getBytes(UTF_8), op, value);
        }
    }

    private static void readUntil(TopicReader reader, List<JsonNode> events, int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (events.size() < count && System.nanoTime() < deadline) {
            for (TopicRecord record : reader.poll(POLL)) {
                events.add(read(record.value()));
            }
        }
        assertThat(events).as("records committed within %s", PATIENCE).hasSizeGreaterThanOrEqualTo(count);
    }

    private static long restores(MiniCluster cluster, JobClient job) throws Exception {
        return cluster.getExecutionGraph(job.getJobID())
                .get()
                .getCheckpointStatsSnapshot()
                .getCounts()
                .getNumberOfRestoredCheckpoints();
    }
}
