package io.bytelm.record.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.OutputRecord;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.proto.Score;
import io.bytelm.record.proto.TooLarge;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WrittenSourceTest {
    private static final SourcePosition SOURCE = new SourcePosition("in", 3, 1L << 40, 1700000000000L);
    private static final OutputRecord.Score SCORE = new OutputRecord.Score(
            new byte[] {'{'}, OutputRecord.Event.CHUNK, 1, 1, -1, -1, null, null, null, false, SOURCE);

    @Test
    void whatWasWrittenIsReadInEitherFormat() {
        assertThat(WrittenSource.of(ResultJson.write(SCORE))).contains(SOURCE);
        assertThat(WrittenSource.of(ResultProtobuf.write(SCORE))).contains(SOURCE);
    }

    @Test
    void whatSaysNothingOfItIsEmpty() {
        assertThat(WrittenSource.of(ResultJson.write(SCORE, null, SourceFields.LEFT_OUT)))
                .isEmpty();
        assertThat(WrittenSource.of(ResultProtobuf.write(SCORE, null, SourceFields.LEFT_OUT)))
                .isEmpty();
        assertThat(WrittenSource.of(new byte[0])).isEmpty();
    }

    @Test
    void onlyTheFieldsOfTheRecordItselfCount() {
        String nested = "{\"other\":{\"source_topic\":\"no\"},\"source_partition\":1,\"source_offset\":2}";

        assertThat(WrittenSource.of(nested.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void aRecordThatWasTooLargeSaysItWithoutTheTime() {
        TooLarge large = TooLarge.newBuilder()
                .setSourceTopic("in")
                .setSourcePartition(3)
                .setSourceOffset(9)
                .build();

        assertThat(WrittenSource.of(
                        Score.newBuilder().setTooLarge(large).build().toByteArray()))
                .contains(new SourcePosition("in", 3, 9, -1));
    }

    @Test
    void whateverElseLiesInTheTopicIsPassedOver() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] whole = ResultJson.write(SCORE);
        for (int trial = 0; trial < 2000; trial++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            assertThat(WrittenSource.of(damaged)).as("seed %d", seed).isNotNull();
        }
    }
}
