package io.bytelm.record.binary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.beam.DeadEndKind;
import io.bytelm.dist.Symbols;
import io.bytelm.record.InputRecord;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SourcePosition;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputRecordSerializerTest extends SerializerContract<OutputRecord> {
    @Override
    TypeInformation<OutputRecord> typeInfo() {
        return ImmutableTypeInfo.OUTPUT_RECORD;
    }

    @Override
    OutputRecord randomValue(Random random) {
        if (random.nextInt(3) == 0) {
            return new DeadLetter(
                    InputRecordSerializerTest.random(random),
                    "unknown-op",
                    "no such op: \"löschen\"",
                    random.nextInt(2) * random.nextInt(1 << 20),
                    random.nextBoolean() ? null : "java.lang.IllegalStateException: no");
        }
        Score score = randomScore(random);
        return random.nextInt(4) == 0 ? new Restarted(score, Restarted.MODEL_CHANGED) : score;
    }

    private static Score randomScore(Random random) {
        byte[] session = new byte[random.nextInt(30)];
        random.nextBytes(session);
        return new Score(
                session,
                Event.values()[random.nextInt(Event.values().length)],
                random.nextLong(Long.MAX_VALUE),
                random.nextInt(1 << 20),
                -random.nextDouble() * 1000,
                -random.nextDouble() * 1e6,
                randomNext(random),
                random.nextBoolean() ? null : Double.valueOf(Double.NEGATIVE_INFINITY),
                random.nextBoolean() ? null : Integer.valueOf(random.nextInt(256)),
                random.nextInt(3) == 0,
                new SourcePosition("in", 0, random.nextLong(), 0));
    }

    private static @Nullable NextSymbols randomNext(Random random) {
        if (random.nextInt(3) == 0) {
            return null;
        }
        int size = random.nextInt(Symbols.COUNT + 1);
        int[] symbols = random.ints(size, 0, Symbols.COUNT).toArray();
        double[] logProbs = random.doubles(size).map(Math::log).toArray();
        return new NextSymbols(symbols, logProbs);
    }

    @Override
    String digest() {
        return "edffe005d19038c87062a3be8f4f92cf8db3c04a808386b486ff8e5732a54e5e";
    }

    @Override
    void assertSame(OutputRecord actual, OutputRecord expected) {
        assertThat(actual).isEqualTo(expected).hasSameHashCodeAs(expected);
    }

    /** Until format 4 a score ended with its source. */
    @Test
    void aScoreOfEarlierFormatsIsStillRead() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Score score = randomScore(new Random(seed));
            byte[] bytes = bytesOf(new OutputRecordSerializer(), score);
            int version = 1 + seed % 3;
            DataInputDeserializer before = new DataInputDeserializer(Arrays.copyOf(bytes, bytes.length - 4));
            OutputRecord read = new OutputRecordSerializer().read(before, version);
            assertThat(before.available()).isZero();
            assertThat(read)
                    .as("seed " + seed)
                    .isInstanceOfSatisfying(
                            Score.class,
                            s -> assertThat(s)
                                    .usingRecursiveComparison()
                                    .ignoringFields("truncated")
                                    .isEqualTo(score));
            assertThat(((Score) read).truncated()).isFalse();
        }
    }

    @Test
    void formatTwoAddedWhatBeginsAnew() throws Exception {
        Score score = new Score(
                new byte[] {'s'}, Event.CHUNK, 1, 1, -1, -1, null, null, null, false, new SourcePosition("", 0, 1, 2));
        String written = HexFormat.of()
                .formatHex(bytesOf(new OutputRecordSerializer(), new Restarted(score, Restarted.MODEL_CHANGED)));
        assertThat(written)
                .isEqualTo("03" + "0d" + HexFormat.of().formatHex("model-changed".getBytes(UTF_8))
                        + HexFormat.of().formatHex(bytesOf(new OutputRecordSerializer(), score)));
    }

    @Test
    void formatFourAddsWhetherContextsWereShortened() throws Exception {
        NextSymbols next = new NextSymbols(new int[] {Symbols.EOS}, new double[] {-1});
        Score score = new Score(
                new byte[] {'s'},
                Event.DEAD_END,
                300,
                2,
                -0.5,
                -2,
                next,
                -0.25,
                255,
                true,
                new SourcePosition("", 0, 1, 2));
        assertThat(HexFormat.of().formatHex(bytesOf(new OutputRecordSerializer(), score)))
                .isEqualTo("00" + "0173" + "03" + "ac02" + "02" + "bfe0000000000000" + "c000000000000000" + "02"
                        + "8102bff0000000000000" + "01bfd0000000000000" + "01ff" + "00" + "00" + "02" + "04" + "01"
                        + "00" + "0000");
    }

    @Test
    void formatFiveEndsAScoreWithItsUpperEnd() throws Exception {
        SourcePosition source = new SourcePosition("", 0, 1, 2);
        Score score = new Score(new byte[] {'s'}, Event.END, 9, 2, -0.5, -2, -1.5, null, null, null, false, source);
        byte[] written = bytesOf(new OutputRecordSerializer(), score);
        assertThat(HexFormat.of().formatHex(written)).endsWith("02" + "04" + "00" + "01bff8000000000000" + "0000");
        assertThat(new OutputRecordSerializer().deserialize(new DataInputDeserializer(written)))
                .isEqualTo(score);
        byte[] withoutUpper = Arrays.copyOf(written, written.length - 11);
        OutputRecord ofFormatFour = new OutputRecordSerializer().read(new DataInputDeserializer(withoutUpper), 4);
        assertThat(((Score) ofFormatFour).totalLogLikelihoodUpper()).isNull();
    }

    @Test
    void formatSixEndsAScoreWithWhatWasLeftOut() throws Exception {
        SourcePosition source = new SourcePosition("", 0, 1, 2);
        Score score = new Score(
                new byte[] {'s'},
                Event.DEAD_END,
                900,
                300,
                2,
                -0.5,
                -2,
                null,
                null,
                null,
                29,
                DeadEndKind.NO_TOKEN,
                false,
                source,
                null);
        byte[] written = bytesOf(new OutputRecordSerializer(), score);
        assertThat(HexFormat.of().formatHex(written)).endsWith("00" + "00" + "ac02" + "01");
        assertThat(new OutputRecordSerializer().deserialize(new DataInputDeserializer(written)))
                .isEqualTo(score);
        byte[] before = Arrays.copyOf(written, written.length - 3);
        OutputRecord ofFormatFive = new OutputRecordSerializer().read(new DataInputDeserializer(before), 5);
        assertThat(((Score) ofFormatFive).skippedBytes()).isZero();
        assertThat(((Score) ofFormatFive).deadEnd()).isNull();
    }

    private static final InputRecord REFUSED =
            new InputRecord(new byte[] {'s'}, null, null, new SourcePosition("", 0, 1, 2));

    private static DataOutputSerializer deadLetterOfFormatOne() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        out.writeByte(1);
        out.write(HexFormat.of().parseHex("010173" + "00" + "00" + "00" + "00" + "00" + "02" + "04"));
        Fields.writeText("unknown-op", out);
        Fields.writeText("no", out);
        return out;
    }

    @Test
    void aDeadLetterOfFormatOneIsStillRead() throws Exception {
        DataOutputSerializer out = deadLetterOfFormatOne();
        OutputRecord read = new OutputRecordSerializer().read(new DataInputDeserializer(out.getCopyOfBuffer()), 1);
        assertThat(read).isEqualTo(new DeadLetter(REFUSED, "unknown-op", "no"));
    }

    @Test
    void aDeadLetterOfFormatTwoIsStillRead() throws Exception {
        DataOutputSerializer out = deadLetterOfFormatOne();
        Fields.writeVarint(300, out);
        Fields.writeNullableText("E", out);
        OutputRecord read = new OutputRecordSerializer().read(new DataInputDeserializer(out.getCopyOfBuffer()), 2);
        assertThat(read).isEqualTo(new DeadLetter(REFUSED, "unknown-op", "no", 300, "E"));
    }
}
