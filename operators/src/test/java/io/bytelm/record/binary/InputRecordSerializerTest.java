package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.SourcePosition;
import java.util.HexFormat;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InputRecordSerializerTest extends SerializerContract<InputRecord> {
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
        return new InputRecord(randomBytes(random, 20), op, sequence, randomBytes(random, 200_000), source);
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
        return "12a3eddb8f6ec14049028f6c1bc91ad9109a3679811746a1634b79217b9eaef0";
    }

    @Override
    void assertSame(InputRecord actual, InputRecord expected) {
        assertThat(actual).isEqualTo(expected).hasSameHashCodeAs(expected);
    }

    @Test
    void formatOneStaysAsItIs() throws Exception {
        InputRecord record =
                new InputRecord(new byte[] {(byte) 0xFF}, "end", "17", null, new SourcePosition("in", 3, 300, -1));
        assertThat(HexFormat.of().formatHex(bytesOf(new InputRecordSerializer(), record)))
                .isEqualTo("0101ff" + "0103656e64" + "01023137" + "00" + "02696e" + "06" + "d804" + "01");
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
