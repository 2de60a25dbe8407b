package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.RecordHeader;
import io.bytelm.record.SourcePosition;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InputRecordSerializerTest extends SerializerContract<InputRecord> {
    private static final String FORMAT_ONE =
            "0101ff" + "0103656e64" + "01023137" + "00" + "02696e" + "06" + "d804" + "01";

    @Override
    TypeInformation<InputRecord> typeInfo() {
        return ImmutableTypeInfo.INPUT_RECORD;
    }

    @Override
    InputRecord randomValue(Random random) {
        return random(random);
    }

    static InputRecord random(Random random) {
        String[] ops = {"bytes", "open", "end", "", "größer"};
        @Nullable String op = random.nextBoolean() ? null : ops[random.nextInt(ops.length)];
        SourcePosition source = new SourcePosition(
                "topic" + random.nextInt(3), random.nextInt(100), random.nextLong(), random.nextInt(3) - 1L);
        @Nullable String sequence = random.nextBoolean() ? null : Long.toString(random.nextLong());
        byte[] key = randomBytes(random, 20);
        return new InputRecord(key, op, sequence, randomBytes(random, 200_000), randomHeaders(random), source);
    }

    private static List<RecordHeader> randomHeaders(Random random) {
        List<RecordHeader> headers = new ArrayList<>();
        String[] names = {"trace", "bytelm.op", "", "größe"};
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.add(new RecordHeader(names[random.nextInt(names.length)], randomBytes(random, 30)));
        }
        return headers;
    }

    private static byte @Nullable [] randomBytes(Random random, int mostBytes) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(random.nextInt(mostBytes) + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    String digest() {
        return "0850aa78862db2277da0e5c89ef16203a42ebd47ebc0b6105b347ab6c29ca8c5";
    }

    @Override
    void assertSame(InputRecord actual, InputRecord expected) {
        assertThat(actual).isEqualTo(expected).hasSameHashCodeAs(expected);
    }

    @Test
    void formatTwoStaysAsItIs() throws Exception {
        List<RecordHeader> headers = List.of(
                new RecordHeader("a", new byte[] {7}), new RecordHeader("b", null), new RecordHeader("a", new byte[0]));
        InputRecord record = new InputRecord(
                new byte[] {(byte) 0xFF}, "end", "17", null, headers, new SourcePosition("in", 3, 300, -1));
        assertThat(HexFormat.of().formatHex(bytesOf(new InputRecordSerializer(), record)))
                .isEqualTo(FORMAT_ONE + "03" + "0161010107" + "016200" + "01610100");
    }

    @Test
    void formatOneIsStillRead() throws Exception {
        DataInputDeserializer in = new DataInputDeserializer(HexFormat.of().parseHex(FORMAT_ONE));
        assertThat(new InputRecordSerializer().read(in, 1))
                .isEqualTo(new InputRecord(
                        new byte[] {(byte) 0xFF}, "end", "17", null, new SourcePosition("in", 3, 300, -1)));
        assertThat(in.available()).isZero();
    }

    @Test
    void theOrderOfHeadersAndAnAbsentValueCount() {
        SourcePosition source = new SourcePosition("in", 0, 0, 0);
        RecordHeader none = new RecordHeader("a", null);
        RecordHeader empty = new RecordHeader("a", new byte[0]);
        assertThat(new InputRecord(null, null, null, null, List.of(none, empty), source))
                .isNotEqualTo(new InputRecord(null, null, null, null, List.of(empty, none), source))
                .isNotEqualTo(new InputRecord(null, null, null, null, List.of(none), source));
    }

    @Test
    void anAbsentValueIsNotAnEmptyOne() {
        SourcePosition source = new SourcePosition("in", 0, 0, 0);
        assertThat(new InputRecord(null, null, null, source))
                .isNotEqualTo(new InputRecord(null, null, new byte[0], source))
                .isNotEqualTo(new InputRecord(new byte[0], null, null, source))
                .isNotEqualTo(new InputRecord(null, "", null, source))
                .isNotEqualTo(new InputRecord(null, null, "", null, source));
    }
}
