package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.wire.ResultJson;
import io.bytelm.record.wire.SourceFields;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
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
            DeadLetter letter = new DeadLetter(
                    new InputRecord(bytes(20_000), text(), text(), value, source()), "constraint-refused", "" + text());

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
        }
    }

    @Test
    void everyScoreFitsIntoAnyLimit() {
        ScoreSerializer serializer = new ScoreSerializer("t".repeat(249), (result, shortening) -> ResultJson.write(result, shortening, SourceFields.WRITTEN));
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
