package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.wire.ResultJson;
import io.bytelm.record.wire.ResultProtobuf;
import io.bytelm.record.wire.Shortening;
import io.bytelm.record.wire.SourceFields;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is larger than a topic takes, through the sinks of the job into a broker with ordinary settings. */
class TooLargeIT {
    private static final SourcePosition SOURCE = new SourcePosition("bytes", 3, 42, 1_700_000_000_000L);
    private static final int DEFAULT_LIMIT = 1_048_588;
    private static final int PARTITIONS = 5;
    private static final Random RANDOM = new Random(11);

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    @Test
    void aDeadLetterAsLargeAsARecordMayBeLosesTheEndOfItsValueAndSaysSo() throws Exception {
        byte[] value = bytes(1_048_500);
        DeadLetter letter = new DeadLetter(
                new InputRecord("s".getBytes(UTF_8), null, value, SOURCE), "oversized-chunk", "the value has ...");

        ConsumerRecord<byte[], byte[]> read = deadLetter("oversized", Map.of(), Map.of(), letter);

        assertThat(read.key()).isEqualTo("s".getBytes(UTF_8));
        assertThat(read.value()).isEqualTo(Arrays.copyOf(value, read.value().length));
        assertThat(read.value().length).isBetween(1_048_000, 1_048_499);
        assertThat(TopicOnBroker.header(read, "bytelm.value.bytes")).isEqualTo("1048500");
        assertThat(TopicOnBroker.header(read, "bytelm.value.cut"))
                .isEqualTo(Integer.toString(1_048_500 - read.value().length));
        assertThat(TopicOnBroker.header(read, "bytelm.error.reason")).isEqualTo("oversized-chunk");
        assertThat(TopicOnBroker.header(read, "bytelm.source.topic")).isEqualTo("bytes");
        assertThat(TopicOnBroker.header(read, "bytelm.source.partition")).isEqualTo("3");
        assertThat(TopicOnBroker.header(read, "bytelm.source.offset")).isEqualTo("42");
    }

    @Test
    void aDeadLetterOfThreeMegabytesAsCompressedRecordsCanHaveIsCut() throws Exception {
        DeadLetter letter = new DeadLetter(
                new InputRecord("s".getBytes(UTF_8), "end", "7", new byte[3_000_000], SOURCE),
                "oversized-chunk",
                "...");

        ConsumerRecord<byte[], byte[]> read = deadLetter("three-megabytes", Map.of(), Map.of(), letter);

        assertThat(TopicOnBroker.header(read, "bytelm.value.bytes")).isEqualTo("3000000");
        assertThat(TopicOnBroker.header(read, "bytelm.op")).isEqualTo("end");
        assertThat(TopicOnBroker.header(read, "bytelm.seq")).isEqualTo("7");
    }

    @Test
    void aMistypedOpOfHalfAMegabyteIsCutBeforeTheKeyIs() throws Exception {
        String op = "byts".repeat(130_000);
        byte[] key = bytes(900_000);
        DeadLetter letter = new DeadLetter(
                new InputRecord(key, op, bytes(1000), SOURCE), "unknown-op", "the header bytelm.op is \"" + op + "\"");

        ConsumerRecord<byte[], byte[]> read = deadLetter("op", Map.of(), Map.of(), letter);

        assertThat(read.key()).isEqualTo(key);
        assertThat(read.value()).hasSize(1000);
        assertThat(TopicOnBroker.header(read, "bytelm.op")).isEqualTo(op.substring(0, 256));
        assertThat(TopicOnBroker.header(read, "bytelm.op.bytes")).isEqualTo("520000");
        assertThat(TopicOnBroker.header(read, "bytelm.op.cut")).isEqualTo("519744");
        assertThat(TopicOnBroker.header(read, "bytelm.error.message"))
                .startsWith("the header bytelm.op is \"byts")
                .endsWith("...")
                .hasSizeLessThan(1100);
        assertThat(TopicOnBroker.header(read, "bytelm.value.cut")).isEqualTo("none");
    }

    @Test
    void aKeyThatIsLargerThanTheTopicTakesIsCutAtLast() throws Exception {
        byte[] key = bytes(20_000);
        DeadLetter letter =
                new DeadLetter(new InputRecord(key, "o".repeat(300), bytes(9900), SOURCE), "unknown-op", "...");

        ConsumerRecord<byte[], byte[]> read = deadLetter("key", Map.of("max.message.bytes", "10000"), Map.of(), letter);

        assertThat(read.key()).hasSizeBetween(254 + 32, 256 + 32).startsWith(Arrays.copyOf(key, 254));
        assertThat(TopicOnBroker.header(read, "bytelm.key.bytes")).isEqualTo("20000");
        assertThat(TopicOnBroker.header(read, "bytelm.key.cut"))
                .isEqualTo(Integer.toString(20_000 - (read.key().length - 32)));
        assertThat(read.value().length).isBetween(8500, 9500);
    }

    @Test
    void whatFitsToTheLastByteIsWrittenWhole() throws Exception {
        byte[] key = "s".getBytes(UTF_8);
        DeadLetter empty = new DeadLetter(new InputRecord(key, null, new byte[70_000], SOURCE), "no-value", "...");
        int others = WriteLimit.sizeOf(new DeadLetterSerializer("fits").recordOf(empty)) - 70_000;
        byte[] fits = bytes(DEFAULT_LIMIT - others);

        ConsumerRecord<byte[], byte[]> read = deadLetter(
                "fits",
                Map.of(),
                Map.of(),
                new DeadLetter(new InputRecord(key, null, fits, SOURCE), "no-value", "..."));

        assertThat(read.value()).isEqualTo(fits);
        assertThat(TopicOnBroker.header(read, "bytelm.value.cut")).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "max.message.bytes=10000,         '',                        10000",
        "max.message.bytes=10000,         max.request.size=8000,     8000",
        "'',                              max.request.size=20000,    20000",
        "'',                              buffer.memory=30000,       30000",
        "max.message.bytes=2000000,       '',                        2000000",
        "max.message.bytes=500000,        compression.type=snappy,   428508",
        "max.message.bytes=500000,        compression.type=lz4,      428508",
        "max.message.bytes=500000,        compression.type=zstd,     428508",
        "max.message.bytes=500000,        compression.type=gzip,     428508",
        "'max.message.bytes=500000;compression.type=gzip',   '',     428508",
    })
    void theSmallestOfTheLimitsCounts(String ofTopic, String ofProducer, int limit) throws Exception {
        byte[] value = bytes(2_500_000);
        DeadLetter letter = new DeadLetter(new InputRecord(null, null, value, SOURCE), "no-key", "...");
        String topic = "limit-" + Math.abs((ofTopic + ofProducer).hashCode());

        ConsumerRecord<byte[], byte[]> read = deadLetter(topic, settings(ofTopic), settings(ofProducer), letter);

        assertThat(read.value().length).isBetween(limit - 500, limit - 100);
    }

    @Test
    void theEndOfADrivenSessionThatIsTooLargeKeepsItsOutputAndLosesTheParticles() throws Exception {
        Output output = new Output("y".repeat(65_536).getBytes(UTF_8), Ending.BUDGET, true, -1000, -2);
        Finished finished =
                new Finished("s".getBytes(UTF_8), output, Collections.nCopies(17, output), 3.5, -7, false, SOURCE);

        JsonNode read = json(result("particles", Map.of(), finished));

        assertThat(read.get("event").asText()).isEqualTo("too_large");
        assertThat(read.get("of").asText()).isEqualTo("end");
        assertThat(read.get("record_bytes").asInt()).isGreaterThan(17 * 65_536);
        assertThat(read.get("limit_bytes").asInt()).isEqualTo(DEFAULT_LIMIT);
        assertThat(read.get("source_topic").asText()).isEqualTo("bytes");
        assertThat(read.get("source_partition").asInt()).isEqualTo(3);
        assertThat(read.get("source_offset").asInt()).isEqualTo(42);
        assertThat(read.get("source_timestamp").asLong()).isEqualTo(SOURCE.timestampMillis());
        assertThat(read.get("reason").asText()).isEqualTo("budget");
        assertThat(read.get("text").asText()).hasSize(65_536);
        assertThat(read.get("ess").asDouble()).isEqualTo(3.5);
        assertThat(read.has("particles")).isFalse();
    }

    @Test
    void whereTheOutputDoesNotFitEitherTheNumbersStay() throws Exception {
        Output output = new Output(new byte[65_536], Ending.EOS, true, -1000, -2);
        Finished finished = new Finished("s".getBytes(UTF_8), output, List.of(), 1, -7, false, SOURCE);

        JsonNode read = json(result("output", Map.of("max.message.bytes", "50000"), finished));

        assertThat(read.get("event").asText()).isEqualTo("too_large");
        assertThat(read.get("bytes").asInt()).isEqualTo(65_536);
        assertThat(read.get("log_likelihood").asDouble()).isEqualTo(-1000);
        assertThat(read.has("text")).isFalse();
    }

    @Test
    void theScoreOfASessionWithAHugeKeyKeepsTheKeyAndItsNumbers() throws Exception {
        byte[] key = bytes(400_000);

        ConsumerRecord<byte[], byte[]> read = result("huge-key", Map.of(), score(key));

        assertThat(read.key()).isEqualTo(key);
        JsonNode score = json(read);
        assertThat(score.get("session_hex").asText().length()).isBetween(2 * 253, 2 * 256);
        assertThat(score.get("session_bytes").asInt()).isEqualTo(400_000);
        assertThat(score.get("session_sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(score.get("event").asText()).isEqualTo("too_large");
        assertThat(score.get("of").asText()).isEqualTo("chunk");
        assertThat(score.get("log_likelihood").asDouble()).isEqualTo(-20);
        assertThat(score.get("record_bytes").asInt()).isBetween(1_200_000, 1_201_000);
    }

    @Test
    void aScoreUnderAShortenedKeyStaysInItsSessionsPartition() throws Exception {
        for (int i = 0; i < 4; i++) {
            byte[] key = bytes(20_000);

            ConsumerRecord<byte[], byte[]> read =
                    result("short-key-" + i, Map.of("max.message.bytes", "10000"), score(key));

            assertThat(read.key()).hasSizeBetween(250 + 32, 256 + 32);
            assertThat(read.partition()).isEqualTo(BuiltInPartitioner.partitionForKey(key, PARTITIONS));
        }
    }

    @Test
    void theSameAsAProtobufMessage() throws Exception {
        byte[] key = bytes(600_000);
        TopicOnBroker topic = TopicOnBroker.create(BROKER.bootstrap(), "protobuf", PARTITIONS, Map.of());
        write(
                new KafkaEnds(settings(topic, Map.of()))
                        .scores((r, s) -> ResultProtobuf.write(r, s, SourceFields.WRITTEN)),
                score(key));

        io.bytelm.record.proto.Score read =
                io.bytelm.record.proto.Score.parseFrom(topic.committed().get(0).value());

        assertThat(read.getEvent()).isEqualTo(io.bytelm.record.proto.Event.EVENT_TOO_LARGE);
        assertThat(read.getTooLarge().getOf()).isEqualTo(io.bytelm.record.proto.Event.EVENT_CHUNK);
        assertThat(read.getTooLarge().getSessionBytes()).isEqualTo(600_000);
        assertThat(read.getTooLarge().getSourceOffset()).isEqualTo(42);
        assertThat(read.getSession().size()).isBetween(250, 256);
        assertThat(read.getLogLikelihood()).isEqualTo(-20);
    }

    @Test
    void aTopicThatTakesNothingOfUseIsRefusedInOneLine() throws Exception {
        TopicOnBroker topic = TopicOnBroker.create(BROKER.bootstrap(), "tiny", 1, Map.of("max.message.bytes", "100"));

        assertThatThrownBy(() ->
                        write(new KafkaEnds(settings(topic, Map.of())).scores(TooLargeIT::json), score(bytes(10))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("topic 'tiny' takes records of at most 100 bytes, by max.message.bytes")
                .hasMessageContaining("at least 4096 are needed");
    }

    private static ConsumerRecord<byte[], byte[]> deadLetter(
            String name, Map<String, String> configuration, Map<String, String> producer, DeadLetter letter)
            throws Exception {
        TopicOnBroker topic = TopicOnBroker.create(BROKER.bootstrap(), name, PARTITIONS, configuration);
        write(new KafkaEnds(settings(topic, producer)).deadLetters(name), letter);
        return only(topic);
    }

    private static ConsumerRecord<byte[], byte[]> result(String name, Map<String, String> configuration, Result result)
            throws Exception {
        TopicOnBroker topic = TopicOnBroker.create(BROKER.bootstrap(), name, PARTITIONS, configuration);
        write(new KafkaEnds(settings(topic, Map.of())).scores(TooLargeIT::json), result);
        return only(topic);
    }

    private static byte[] json(Result result, @Nullable Shortening shortening) {
        return ResultJson.write(result, shortening, SourceFields.WRITTEN);
    }

    private static ConsumerRecord<byte[], byte[]> only(TopicOnBroker topic) {
        List<ConsumerRecord<byte[], byte[]>> records = topic.committed();
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private static <T> void write(ExactlyOnceSink<T> sink, T value) throws Exception {
        try (SinkAttempt<T> attempt = SinkAttempt.start(sink, new AttemptContext(0, 1, 0, 0))) {
            attempt.write(value);
            attempt.commit(attempt.checkpoint(1));
        }
    }

    private static KafkaSettings settings(TopicOnBroker out, Map<String, String> clientProperties) {
        return new KafkaSettings(
                BROKER.bootstrap(),
                "bytes",
                out.name(),
                null,
                "group",
                KafkaSettings.Start.EARLIEST,
                false,
                false,
                600_000,
                clientProperties);
    }

    private static Map<String, String> settings(@Nullable String given) {
        return given == null || given.isEmpty()
                ? Map.of()
                : Arrays.stream(given.split(";"))
                        .map(setting -> setting.split("="))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static JsonNode json(ConsumerRecord<byte[], byte[]> record) throws IOException {
        return new ObjectMapper().readTree(record.value());
    }

    private static Score score(byte[] key) {
        return new Score(key, Event.CHUNK, 10, 4, -8, -20, null, null, null, false, SOURCE);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
