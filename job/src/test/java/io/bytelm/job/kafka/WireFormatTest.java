package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SourcePosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WireFormatTest {
    private static final byte[] HALF_A_CHARACTER = {'c', 'a', 'f', (byte) 0xC3};

    @Test
    void aRecordComesInAsItIs() {
        InputRecord record = read(new byte[] {0, (byte) 0xFF}, HALF_A_CHARACTER, new RecordHeaders());

        assertThat(record.key()).containsExactly(0, 0xFF);
        assertThat(record.value()).isEqualTo(HALF_A_CHARACTER);
        assertThat(record.op()).isNull();
        assertThat(record.source()).isEqualTo(new SourcePosition("bytes", 3, 42, 1_700_000_000_000L));
    }

    @Test
    void theLastOpHeaderCounts() {
        Headers headers =
                new RecordHeaders().add("bytelm.op", "open".getBytes(UTF_8)).add("bytelm.op", "end".getBytes(UTF_8));

        assertThat(read(new byte[1], new byte[0], headers).op()).isEqualTo("end");
    }

    @Test
    void theSequenceHeaderComesInAsTextAndGoesToTheDeadLettersAsItCame() {
        InputRecord input = read(new byte[1], new byte[0], new RecordHeaders().add("bytelm.seq", "1x".getBytes(UTF_8)));

        assertThat(input.sequence()).isEqualTo("1x");
        assertThat(texts(new DeadLetterSerializer("dead")
                        .recordOf(new DeadLetter(input, "malformed-sequence", "no number"))
                        .headers()))
                .contains("bytelm.seq=1x");
    }

    @Test
    void anOpHeaderWithoutValueIsNone() {
        assertThat(read(new byte[1], new byte[0], new RecordHeaders().add("bytelm.op", null))
                        .op())
                .isNull();
    }

    @Test
    void aRecordWithoutKeyAndValueIsNotDropped() {
        InputRecord record = read(null, null, new RecordHeaders());

        assertThat(record.key()).isNull();
        assertThat(record.value()).isNull();
    }

    @Test
    void aDeadLetterKeepsKeyValueAndOpAndSaysWhyAndWhereFrom() {
        InputRecord input = read(
                "session".getBytes(UTF_8),
                HALF_A_CHARACTER,
                new RecordHeaders().add("bytelm.op", "byts".getBytes(UTF_8)));

        ProducerRecord<byte[], byte[]> letter = new DeadLetterSerializer("dead")
                .recordOf(new DeadLetter(input, "unknown-op", "the op 'byts' is unknown"));

        assertThat(letter.topic()).isEqualTo("dead");
        assertThat(letter.key()).isEqualTo("session".getBytes(UTF_8));
        assertThat(letter.value()).isEqualTo(HALF_A_CHARACTER);
        assertThat(texts(letter.headers()))
                .contains(
                        "bytelm.op=byts",
                        "bytelm.error.reason=unknown-op",
                        "bytelm.error.message=the op 'byts' is unknown",
                        "bytelm.source.topic=bytes",
                        "bytelm.source.partition=3",
                        "bytelm.source.offset=42",
                        "bytelm.source.timestamp=1700000000000");
    }

    @Test
    void aDeadLetterThatIsSentAgainAsItIsGetsNoMoreHeaders() {
        Headers sent = new RecordHeaders()
                .add("trace", new byte[] {(byte) 0xFF})
                .add("bytelm.op", "byts".getBytes(UTF_8))
                .add("trace", null)
                .add("bytelm.seq", "7".getBytes(UTF_8));
        DeadLetterSerializer serializer = new DeadLetterSerializer("dead");
        Headers first = serializer
                .recordOf(new DeadLetter(read(new byte[1], new byte[9], sent), "unknown-op", "no"))
                .headers();
        InputRecord again = read(new byte[1], new byte[9], first);
        Headers second =
                serializer.recordOf(new DeadLetter(again, "unknown-op", "no")).headers();

        assertThat(Arrays.copyOf(first.toArray(), 4)).isEqualTo(sent.toArray());
        assertThat(first.toArray()).hasSize(4 + 6);
        assertThat(second).isEqualTo(first);
        assertThat(again.op()).isEqualTo("byts");
        assertThat(again.sequence()).isEqualTo("7");
    }

    private static List<String> texts(Headers headers) {
        List<String> texts = new ArrayList<>();
        for (Header header : headers) {
            texts.add(header.key() + "=" + new String(header.value(), UTF_8));
        }
        return texts;
    }

    private static InputRecord read(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        List<InputRecord> out = new ArrayList<>();
        new InputRecordDeserializer(TypeInformation.of(InputRecord.class))
                .deserialize(
                        new ConsumerRecord<>(
                                "bytes",
                                3,
                                42,
                                1_700_000_000_000L,
                                TimestampType.CREATE_TIME,
                                0,
                                0,
                                key,
                                value,
                                headers,
                                Optional.empty()),
                        new ListCollector<>(out));
        return out.get(0);
    }
}
