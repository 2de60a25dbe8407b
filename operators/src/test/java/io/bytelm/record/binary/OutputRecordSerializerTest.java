package io.bytelm.record.binary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
        return "627d5de7fae956ce56585b9b49dd8c4526ceebfe5a12d80dd48fe2133867476b";
    }

    @Override
    void assertSame(OutputRecord actual, OutputRecord expected) {
        assertThat(actual).isEqualTo(expected).hasSameHashCodeAs(expected);
    }

    @Test
    void aScoreOfFormatOneIsStillRead() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            OutputRecord record = randomScore(new Random(seed));
            byte[] bytes = bytesOf(new OutputRecordSerializer(), record);
            assertThat(new OutputRecordSerializer().read(new DataInputDeserializer(bytes), 1))
                    .as("seed " + seed)
                    .isEqualTo(record);
        }
    }

    @Test
    void formatTwoAddsWhatBeginsAnew() throws Exception {
        Score score = new Score(
                new byte[] {'s'}, Event.CHUNK, 1, 1, -1, -1, null, null, null, new SourcePosition("", 0, 1, 2));
        String written = HexFormat.of()
                .formatHex(bytesOf(new OutputRecordSerializer(), new Restarted(score, Restarted.MODEL_CHANGED)));
        assertThat(written)
                .isEqualTo("03" + "0d" + HexFormat.of().formatHex("model-changed".getBytes(UTF_8))
                        + HexFormat.of().formatHex(bytesOf(new OutputRecordSerializer(), score)));
    }

    @Test
    void formatOneStaysAsItIs() throws Exception {
        NextSymbols next = new NextSymbols(new int[] {Symbols.EOS}, new double[] {-1});
        Score score = new Score(
                new byte[] {'s'}, Event.DEAD_END, 300, 2, -0.5, -2, next, -0.25, 255, new SourcePosition("", 0, 1, 2));
        assertThat(HexFormat.of().formatHex(bytesOf(new OutputRecordSerializer(), score)))
                .isEqualTo("00" + "0173" + "03" + "ac02" + "02" + "bfe0000000000000" + "c000000000000000" + "02"
                        + "8102bff0000000000000" + "01bfd0000000000000" + "01ff" + "00" + "00" + "02" + "04");
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
