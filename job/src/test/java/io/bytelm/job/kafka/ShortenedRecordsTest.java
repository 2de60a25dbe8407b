package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.RecordHeader;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.wire.ResultJson;
import io.bytelm.record.wire.SourceFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is in a record, what stands for it fits. */
class ShortenedRecordsTest {
    private static final int CASES = 3000;
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @Test
    void everyDeadLetterFitsIntoAnyLimitAndLosesNoMoreThanItMust() {
        DeadLetterSerializer serializer = new DeadLetterSerializer("t".repeat(249));
        for (int i = 0; i < CASES; i++) {
            WriteLimit limit = limit();
            byte[] value = bytes(20_000);
            InputRecord input = new InputRecord(bytes(20_000), text(), text(), value, headers(), source());
            DeadLetter letter = new DeadLetter(input, "constraint-refused", "" + text(), 0, text());

            ProducerRecord<byte[], byte[]> record =
                    serializer.shortenedTo(limit, letter, WriteLimit.sizeOf(serializer.recordOf(letter)));

            String what = "seed " + seed + ", case " + i;
            int size = WriteLimit.sizeOf(record);
            assertThat(size).as(what).isLessThanOrEqualTo(limit.bytes());
            if (value != null && value.length > record.value().length) {
                assertThat(size).as(what).isGreaterThan(limit.bytes() - 10);
                assertThat(record.headers().lastHeader("bytelm.value.cut"))
                        .as(what)
                        .isNotNull();
            }
            assertThat(bytesOfHeaders(record) + said(record, "bytelm.headers.cut"))
                    .as(what)
                    .isEqualTo(bytesOfHeaders(serializer.recordOf(letter)));
        }
    }

    @Test
    void longHeadersAreLeftOutBeforeShortOnes() {
        List<RecordHeader> headers = List.of(
                new RecordHeader("trace", new byte[50]),
                new RecordHeader("picture", new byte[5000]),
                new RecordHeader("bytelm.op", new byte[300]));
        InputRecord input = new InputRecord(new byte[1], "op", null, new byte[9000], headers, source());
        DeadLetter letter = new DeadLetter(input, "unknown-op", "no");
        WriteLimit limit = new WriteLimit(new TopicLimit("t", 5000, false, 3), 5000, "a setting");

        ProducerRecord<byte[], byte[]> record = new DeadLetterSerializer("t").shortenedTo(limit, letter, 20_000);

        assertThat(record.headers().lastHeader("trace").value()).hasSize(50);
        assertThat(record.headers().lastHeader("bytelm.op").value()).hasSize(300);
        assertThat(record.headers().lastHeader("picture")).isNull();
        assertThat(said(record, "bytelm.headers.bytes")).isEqualTo(5 + 50 + 7 + 5000);
        assertThat(said(record, "bytelm.headers.cut")).isEqualTo(7 + 5000);
        assertThat(record.value().length).isGreaterThan(3000);
    }

    /** Of those that are the sender's, and neither op nor number. */
    private static long bytesOfHeaders(ProducerRecord<byte[], byte[]> record) {
        long bytes = 0;
        for (Header header : record.headers()) {
            if (!header.key().startsWith("bytelm.")) {
                bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
            }
        }
        return bytes;
    }

    private static long said(ProducerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? 0 : Long.parseLong(new String(header.value(), UTF_8));
    }

    @Test
    void everyScoreFitsIntoAnyLimit() {
        ScoreSerializer serializer = new ScoreSerializer(
                "t".repeat(249), (result, shortening) -> ResultJson.write(result, shortening, SourceFields.WRITTEN));
        for (int i = 0; i < CASES; i++) {
            WriteLimit limit = limit();
            byte[] key = bytes(20_000);
            Result score = new Score(
                    key == null ? new byte[0] : key,
                    Event.CHUNK,
                    1,
                    1,
                    -1.1e-300,
                    -1.1e-300,
                    null,
                    null,
                    null,
                    true,
                    source());

            ProducerRecord<byte[], byte[]> record =
                    serializer.shortenedTo(limit, score, WriteLimit.sizeOf(serializer.recordOf(score)));

            assertThat(WriteLimit.sizeOf(record))
                    .as("seed %d, case %d", seed, i)
                    .isLessThanOrEqualTo(limit.bytes());
        }
    }

    private WriteLimit limit() {
        int bytes = WriteLimit.LEAST_BYTES + (random.nextBoolean() ? 0 : random.nextInt(30_000));
        return new WriteLimit(new TopicLimit("t", bytes, false, 3), bytes, "a setting");
    }

    private SourcePosition source() {
        return new SourcePosition("s".repeat(249), random.nextInt(Integer.MAX_VALUE), Long.MAX_VALUE, Long.MIN_VALUE);
    }

    private List<RecordHeader> headers() {
        List<RecordHeader> headers = new ArrayList<>();
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 500 : 5); i > 0; i--) {
            headers.add(new RecordHeader("h" + random.nextInt(3), bytes(400)));
        }
        return headers;
    }

    private byte @Nullable [] bytes(int most) {
        if (random.nextInt(10) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 300 : most)];
        if (random.nextBoolean()) {
            random.nextBytes(bytes); // else zeros, of which JSON makes six characters each
        }
        return bytes;
    }

    private @Nullable String text() {
        return random.nextInt(3) == 0 ? null : "ü".repeat(random.nextInt(random.nextBoolean() ? 200 : 9000));
    }
}
