package io.bytelm.job.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.EngineSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.BrokerExtension;
import io.bytelm.job.kafka.TopicOnBroker;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicRecord;
import io.bytelm.job.kafka.TopicWriter;
import io.bytelm.job.serve.ServiceProcess;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.proto.Score;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.grpc.ServerSecurity;
import io.bytelm.service.grpc.ServerSettings;
import io.bytelm.service.grpc.ServiceAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands that start a job, run as a user runs them. */
class StreamingCommandsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    @Test
    void scoreWritesJson() throws IOException {
        score("json-in", "json-out", "--emit", "byte", "--top", "all");

        List<TopicRecord> scores = read("json-out", 4);
        assertThat(scores).hasSize(4).allMatch(r -> new String(r.key(), UTF_8).equals("letter"));
        var last = new ObjectMapper().readTree(scores.get(3).value());
        assertThat(last.get("event").asText()).isEqualTo("end");
        assertThat(last.get("bytes").asInt()).isEqualTo(3);
        assertThat(last.get("log_likelihood").asDouble()).isNegative();
        assertThat(last.get("next")).hasSize(258);
        assertThat(last.get("source_topic").asText()).isEqualTo("json-in");
        assertThat(last.get("source_offset").asInt()).isEqualTo(2);
    }

    @Test
    void scoreByAServiceSaysWhatItSaysByItself() throws Exception {
        score("own-in", "own-out", "--emit", "byte", "--threads", "1");
        ModelSettings model = new ModelSettings(
                null, new EngineSettings("cpu", 1, 0, 0, 64 << 20, Precision.FLOAT32), ServiceSettings.defaults());
        ServerSettings server = new ServerSettings(
                new ServiceAddress("127.0.0.1", 0), ServerSecurity.NONE, false, false, Duration.ofSeconds(5));
        try (ServiceProcess service = ServiceProcess.start(model, server, null)) {
            score(
                    "asked-in",
                    "asked-out",
                    "--emit",
                    "byte",
                    "--service",
                    service.address().toString());
        }
        List<TopicRecord> own = read("own-out", 4);
        List<TopicRecord> asked = read("asked-out", 4);
        assertThat(asked).hasSameSizeAs(own);
        for (int i = 0; i < own.size(); i++) {
            assertThat(logLikelihood(asked.get(i))).isCloseTo(logLikelihood(own.get(i)), within(1e-4));
        }
    }

    private static double logLikelihood(TopicRecord score) throws IOException {
        return new ObjectMapper().readTree(score.value()).get("log_likelihood").asDouble();
    }

    /** Prose, and then a burst of what is none, cut into records of 7 bytes. */
    @Test
    void spansTokensAndAlertsOfASessionAreWrittenBesideItsScores() throws IOException {
        String prose = "It was a bright cold day, and the man in the street looked up at the window. ".repeat(4);
        byte[] text = (prose + "zqxjkvbqzxwjq@#%qzx").getBytes(UTF_8);
        new BrokerCheck(BROKER.bootstrap(), Map.of()).createMissingTopics(List.of("spans-in"), Optional.of(1));
        try (TopicWriter writer = new TopicWriter(BROKER.bootstrap(), "spans-in")) {
            byte[] session = "prose".getBytes(UTF_8);
            for (int from = 0; from < text.length; from += 7) {
                writer.send(session, null, Arrays.copyOfRange(text, from, Math.min(text.length, from + 7)));
            }
            writer.send(session, "end", null);
        }
        score(
                "spans-in",
                "spans-out",
                "--emit",
                "end",
                "--top",
                "0",
                "--spans",
                "words",
                "--settled-tokens",
                "--anomaly-window",
                "8",
                "--alerts",
                "spans-alerts",
                "--alert-z",
                "4");

        ObjectMapper json = new ObjectMapper();
        double sum = 0;
        long bytes = 0;
        double total = 0;
        int tokens = 0;
        for (var record : new TopicOnBroker(BROKER.bootstrap(), "spans-out").committed()) {
            var read = json.readTree(record.value());
            if (!new String(record.key(), UTF_8).equals("prose")) {
                continue;
            }
            switch (read.get("event").asText()) {
                case "span" -> {
                    assertThat(read.get("from").asLong()).isEqualTo(bytes);
                    bytes = read.get("to").asLong();
                    sum += read.get("log_likelihood").asDouble();
                }
                case "tokens" -> tokens += read.get("tokens").size();
                default -> total = read.get("log_likelihood").asDouble();
            }
        }
        assertThat(bytes).isEqualTo(text.length);
        assertThat(sum).isCloseTo(total, within(1e-4));
        assertThat(tokens).isGreaterThan(60);
        assertThat(read("spans-alerts", 1)).isNotEmpty().allSatisfy(alert -> {
            var read = json.readTree(alert.value());
            assertThat(read.get("event").asText()).isEqualTo("alert");
            assertThat(read.get("z").asDouble()).isGreaterThanOrEqualTo(4);
            assertThat(read.get("bytes").asInt()).isGreaterThan(prose.length());
        });
    }

    @Test
    void scoreWritesProtobuf() throws IOException {
        score("proto-in", "proto-out", "--format", "protobuf", "--emit", "end", "--no-source");

        List<TopicRecord> scores = read("proto-out", 1);
        assertThat(scores).hasSize(1);
        Score score = Score.parseFrom(scores.get(0).value());
        assertThat(score.getSession().toStringUtf8()).isEqualTo("letter");
        assertThat(score.getBytes()).isEqualTo(3);
        assertThat(score.getBitsPerByte()).isPositive();
        assertThat(score.hasSource()).isFalse();
    }

    @Test
    void aStartThatResumesNoStateThoughTheGroupHasReadBeforeSaysSo() {
        score("again-in", "again-out");
        // a job that ends does not wait for its last commit of offsets
        TopicOnBroker.commit(BROKER.bootstrap(), "again-in", "again-out", 1);

        CommandRun again = CommandRun.of(arguments("again-in", "again-out"));
        assertThat(again.exitCode()).isZero();
        assertThat(again.err().strip())
                .startsWith(
                        "bytelm: warning: group 'again-out' has read topic 'again-in' before, and this start resumes"
                                + " no state: it begins at the committed offsets")
                .contains("--resume-from", "--start earliest")
                .hasLineCount(1);
        CommandRun allOfIt = CommandRun.of(arguments("again-in", "again-out", "--start", "earliest"));
        assertThat(allOfIt.err())
                .contains("everything is scored again, and written to topic 'again-out' a second time");
    }

    @Test
    void aStartBesideSomebodyWhoReadsAsTheSameGroupIsRefused() throws InterruptedException {
        score("beside-in", "beside-out");
        AtomicBoolean ended = new AtomicBoolean();
        Thread other = new Thread(() -> {
            for (long next = 1; !ended.get(); next++) {
                TopicOnBroker.commit(BROKER.bootstrap(), "beside-in", "beside-out", next);
            }
        });
        other.start();
        try {
            CommandRun second = CommandRun.of(arguments("beside-in", "beside-out"));

            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err())
                    .contains("somebody is reading topic 'beside-in' as group 'beside-out' at this moment", "--group");
        } finally {
            ended.set(true);
            other.join();
        }
    }

    @Test
    void aStartBehindWhatIsAnsweredRepeatsNothingThoughTheGroupsOffsetsLag() {
        score("answered-in", "answered-out");
        TopicOnBroker out = new TopicOnBroker(BROKER.bootstrap(), "answered-out");
        int scores = out.committed().size();
        TopicOnBroker.commit(BROKER.bootstrap(), "answered-in", "answered-out", 1);

        CommandRun again = CommandRun.of(arguments("answered-in", "answered-out", "--start", "answered"));

        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).contains("it begins behind the last record that a score answers");
        assertThat(out.committed()).hasSize(scores).hasSizeGreaterThan(1);
    }

    @Test
    void aMissingTopicIsNamedBeforeAnythingStarts() {
        CommandRun run =
                CommandRun.of("score", "--bootstrap", BROKER.bootstrap(), "--in", "nowhere", "--out", "nor-here");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("has no topic 'nowhere', 'nor-here'").contains("--create-topics");
    }

    @Test
    void theDemoEndsByItselfWithATable() {
        CommandRun run = CommandRun.of("demo", "--sessions", "3", "--parallelism", "1", "--k", "2", "--threads", "1");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("3 of 3 sessions")
                .contains("noble-bachelor-2", "typing-monkey")
                .containsPattern("All in all [\\d,]+ bytes at \\d\\.\\d+ bits per byte");
    }

    private static List<String> arguments(String in, String out, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "score",
                "--bootstrap",
                BROKER.bootstrap(),
                "--in",
                in,
                "--out",
                out,
                "--group",
                out,
                "--create-topics",
                "--partitions",
                "1",
                "--bounded",
                "--parallelism",
                "1"));
        args.addAll(List.of(more));
        return args;
    }

    private static void score(String in, String out, String... more) {
        new BrokerCheck(BROKER.bootstrap(), Map.of()).createMissingTopics(List.of(in), Optional.of(1));
        try (TopicWriter writer = new TopicWriter(BROKER.bootstrap(), in)) {
            byte[] session = "letter".getBytes(UTF_8);
            writer.send(session, null, "a".getBytes(UTF_8));
            writer.send(session, null, "nd".getBytes(UTF_8));
            writer.send(session, "end", null);
        }
        CommandRun run = CommandRun.of(arguments(in, out, more));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Done: all that was in topic " + in + " is scored.");
    }

    private static List<TopicRecord> read(String topic, int count) {
        List<TopicRecord> records = new ArrayList<>();
        try (TopicReader reader = new TopicReader(BROKER.bootstrap(), topic)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (records.size() < count && System.nanoTime() < deadline) {
                records.addAll(reader.poll(Duration.ofMillis(500)));
            }
        }
        return records;
    }
}
