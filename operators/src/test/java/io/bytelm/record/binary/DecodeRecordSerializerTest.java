package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SourcePosition;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecodeRecordSerializerTest extends SerializerContract<Result> {
    @Override
    TypeInformation<Result> typeInfo() {
        return ImmutableTypeInfo.RESULT;
    }

    @Override
    DecodeRecord randomValue(Random random) {
        byte[] session = bytes(random);
        SourcePosition source = new SourcePosition("in", random.nextInt(9), random.nextLong(), random.nextLong());
        NextSymbols next = random.nextBoolean()
                ? null
                : new NextSymbols(new int[] {257, 3}, new double[] {-0.5, Double.NEGATIVE_INFINITY});
        double log = random.nextInt(4) == 0 ? Double.NEGATIVE_INFINITY : -random.nextDouble();
        return switch (random.nextInt(3)) {
            case 0 ->
                new Generated(
                        session,
                        random.nextInt(9999),
                        bytes(random),
                        random.nextInt(300),
                        log,
                        upper(random),
                        -1,
                        random.nextBoolean() ? null : log,
                        next,
                        random.nextInt(3) == 0,
                        source);
            case 1 ->
                new Next(
                        session,
                        random.nextInt(9999),
                        random.nextBoolean(),
                        random.nextBoolean() ? null : random.nextInt(256),
                        random.nextInt(300),
                        log,
                        upper(random),
                        -2,
                        next,
                        random.nextInt(3) == 0,
                        source);
            default ->
                new Finished(
                        session,
                        output(random),
                        random.nextBoolean() ? List.of() : List.of(output(random), output(random)),
                        1.5,
                        log,
                        random.nextInt(3) == 0,
                        source);
        };
    }

    private static Output output(Random random) {
        int ending = random.nextInt(Ending.values().length + 1);
        return new Output(
                bytes(random),
                ending == 0 ? null : Ending.values()[ending - 1],
                random.nextBoolean(),
                -random.nextDouble(),
                upper(random),
                Double.NEGATIVE_INFINITY);
    }

    private static @Nullable Double upper(Random random) {
        return random.nextBoolean() ? null : Double.valueOf(-random.nextDouble());
    }

    /** Until format 5 nothing was said of an upper end, neither of a record nor of an output. */
    @Test
    void formatFiveHasNoUpperEnds() throws Exception {
        byte[] session = {1};
        SourcePosition source = new SourcePosition("in", 0, 2, 3);
        Output output = new Output(new byte[] {7}, Ending.STOP, true, -1, -2);
        Next next = new Next(session, 3, true, null, 0, -1, -2, null, true, source);
        Finished finished = new Finished(session, output, List.of(), 1, -1, false, source);
        byte[] writtenNext = bytesOf(new OutputRecordSerializer(), next);
        byte[] withoutUpper = Arrays.copyOf(writtenNext, writtenNext.length - 1);
        assertThat(new OutputRecordSerializer().read(new DataInputDeserializer(withoutUpper), 5))
                .isEqualTo(next);
        byte[] writtenEnd = bytesOf(new OutputRecordSerializer(), finished);
        int atUpper = writtenEnd.length - 1 - 2 * Double.BYTES - 1 - 1; // truncated, two numbers, how many particles
        byte[] older = new byte[writtenEnd.length - 1];
        System.arraycopy(writtenEnd, 0, older, 0, atUpper);
        System.arraycopy(writtenEnd, atUpper + 1, older, atUpper, older.length - atUpper);
        assertThat(new OutputRecordSerializer().read(new DataInputDeserializer(older), 5))
                .isEqualTo(finished);
    }

    @Test
    void whatIsIgnoredIsThereFromFormatSevenOn() throws Exception {
        Ignored ignored = new Ignored(new byte[] {'s'}, List.of("#/a: ü", ""), new SourcePosition("in", 0, 2, 3));
        byte[] written = bytesOf(new OutputRecordSerializer(), ignored);
        assertThat(HexFormat.of().formatHex(written))
                .isEqualTo(
                        "02" + "03" + "0173" + "02696e" + "00" + "04" + "06" + "02" + "07232f613a20c3bc" + "00" + "00");
        assertThat(new OutputRecordSerializer().read(new DataInputDeserializer(written), 7))
                .isEqualTo(ignored)
                .hasSameHashCodeAs(ignored);
        assertThatThrownBy(() -> new OutputRecordSerializer().read(new DataInputDeserializer(written), 6))
                .isInstanceOf(Exception.class);
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    String digest() {
        return "6fbeb91eb479cb5d54adb7e00e6287a858cfa2a63cdd715f6e5f47db40e92d5e";
    }

    @Override
    void assertSame(Result actual, Result expected) {
        assertThat(actual).isEqualTo(expected).hasSameHashCodeAs(expected);
    }
}
