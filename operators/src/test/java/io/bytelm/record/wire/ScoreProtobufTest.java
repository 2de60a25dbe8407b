package io.bytelm.record.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.dist.Symbols;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.Score;
import io.bytelm.record.proto.Source;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScoreProtobufTest {
    private static final SourcePosition SOURCE = new SourcePosition("in", 3, 1L << 40, 1700000000000L);

    @Test
    void theMessageSaysWhatTheScoreSays() throws Exception {
        NextSymbols next =
                new NextSymbols(new int[] {'e', Symbols.EOS}, new double[] {-0.125, Double.NEGATIVE_INFINITY});
        byte[] session = {(byte) 0xFF, 0};
        Score read = Score.parseFrom(ScoreProtobuf.write(new OutputRecord.Score(
                session, OutputRecord.Event.END, 16, 2, -1.5, -4 * Math.log(2), next, -0.5, 0, false, SOURCE)));
        assertThat(read.getSession().toByteArray()).isEqualTo(session);
        assertThat(read.getBytes()).isEqualTo(16);
        assertThat(read.getChunkBytes()).isEqualTo(2);
        assertThat(read.getChunkLogLikelihood()).isEqualTo(-1.5);
        assertThat(read.getLogLikelihood()).isEqualTo(-4 * Math.log(2));
        assertThat(read.getBitsPerByte()).isEqualTo(0.25);
        assertThat(read.getNextList()).extracting("symbol").containsExactly((int) 'e', Symbols.EOS);
        assertThat(read.getNextList()).extracting("logProb").containsExactly(-0.125, Double.NEGATIVE_INFINITY);
        assertThat(read.getEosLogProb()).isEqualTo(-0.5);
        assertThat(read.hasFailedByte()).isTrue();
        assertThat(read.getSource())
                .isEqualTo(Source.newBuilder()
                        .setTopic("in")
                        .setPartition(3)
                        .setOffset(1L << 40)
                        .setTimestampMillis(1700000000000L)
                        .build());
    }

    @Test
    void whereItComesFromCanBeLeftOut() throws Exception {
        OutputRecord.Score score = new OutputRecord.Score(
                new byte[] {'s'}, OutputRecord.Event.CHUNK, 1, 1, -1, -1, null, null, null, false, SOURCE);
        Score read = Score.parseFrom(ResultProtobuf.write(score, null, SourceFields.LEFT_OUT));
        assertThat(read.hasSource()).isFalse();
        assertThat(read)
                .isEqualTo(Score.parseFrom(ResultProtobuf.write(score)).toBuilder()
                        .clearSource()
                        .build());
    }

    @ParameterizedTest
    @EnumSource
    void everyEventHasItsOwnNumber(OutputRecord.Event event) throws Exception {
        Score read = Score.parseFrom(ScoreProtobuf.write(
                new OutputRecord.Score(new byte[0], event, 0, 0, 0, 0, null, null, null, false, SOURCE)));
        assertThat(read.getEvent()).isEqualTo(Event.valueOf("EVENT_" + event));
        assertThat(read.hasEosLogProb() || read.hasFailedByte()).isFalse();
    }

    @Test
    void theFirstRecordAfterASessionWasBegunAnewSaysSo() throws Exception {
        OutputRecord.Score score = new OutputRecord.Score(
                new byte[] {'s'}, OutputRecord.Event.CHUNK, 1, 1, -1, -1, null, null, null, false, SOURCE);
        byte[] message = ResultProtobuf.write(new OutputRecord.Restarted(score, OutputRecord.Restarted.MODEL_CHANGED));
        assertThat(Score.parseFrom(message).getRestarted()).isEqualTo("model-changed");
        assertThat(Score.parseFrom(message).toBuilder().clearRestarted().build())
                .isEqualTo(Score.parseFrom(ScoreProtobuf.write(score)));
        assertThat(HexFormat.of().formatHex(message))
                .contains("6a0d" + HexFormat.of().formatHex("model-changed".getBytes(UTF_8)));
    }

    @Test
    void shortenedContextsAreSaid() throws Exception {
        byte[] message = ScoreProtobuf.write(new OutputRecord.Score(
                new byte[] {'s'}, OutputRecord.Event.CHUNK, 1, 1, -1, -1, null, null, null, true, SOURCE));
        assertThat(Score.parseFrom(message).getTruncated()).isTrue();
        assertThat(HexFormat.of().formatHex(message)).endsWith("7801");
    }

    @Test
    void betweenWhatALogLikelihoodOverCanonicalTokenizationsLies() throws Exception {
        Score read = Score.parseFrom(ScoreProtobuf.write(new OutputRecord.Score(
                new byte[0], OutputRecord.Event.END, 2, 2, -1, -2, -1.5, null, null, null, false, SOURCE)));
        assertThat(read.getLogLikelihood()).isEqualTo(-2);
        assertThat(read.getLogLikelihoodUpper()).isEqualTo(-1.5);
    }

    @Test
    void theNumbersOfTheFieldsStay() {
        NextSymbols next = new NextSymbols(new int[] {1}, new double[] {-1});
        byte[] message = ScoreProtobuf.write(new OutputRecord.Score(
                new byte[] {'s'}, OutputRecord.Event.DEAD_END, 300, 2, -0.5, -2, next, -4.0, 255, false, SOURCE));
        String hex = HexFormat.of().formatHex(message);
        assertThat(hex)
                .startsWith("0a0173" + "1004" + "18ac02" + "2002" + "29000000000000e0bf" + "3100000000000000c0" + "39")
                .endsWith("420b" + "0801" + "11000000000000f0bf" + "4900000000000010c0" + "50ff01" + "7214" + "0a02696e"
                        + "1003" + "18808080808020" + "2080d095ffbc31");
    }
}
