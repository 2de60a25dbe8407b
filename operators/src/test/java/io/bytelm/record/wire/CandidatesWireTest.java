package io.bytelm.record.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.candidate.CandidateScores;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.proto.Candidates;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.Score;
import io.bytelm.record.wire.Shortening.Keeps;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesWireTest {
    private static final SourcePosition SOURCE = new SourcePosition("in", 3, 7, 9);
    private static final double IMPOSSIBLE = Double.NEGATIVE_INFINITY;

    private static CandidatesRecord record(double first, double second) {
        CandidateScores scores = new CandidateScores(
                List.of("cat".getBytes(UTF_8), new byte[] {(byte) 0xFF}),
                new double[] {first, second},
                new double[] {-0.5, -0.25},
                4);
        return new CandidatesRecord(new byte[] {'s'}, 16, -2.5, scores, false, SOURCE);
    }

    @Test
    void aLineOfJson() {
        assertThat(new String(ResultJson.write(record(-2, IMPOSSIBLE)), UTF_8))
                .isEqualTo("{\"session\":\"s\",\"event\":\"candidates\",\"bytes\":16,\"log_likelihood\":-2.5,\"best\":0,"
                        + "\"candidates\":[{\"text\":\"cat\",\"bytes\":3,\"log_likelihood\":-2.0,\"eos_logprob\":-0.5,"
                        + "\"logprob\":0.0,\"probability\":1.0,\"rank\":1},"
                        + "{\"text\":null,\"text_hex\":\"ff\",\"bytes\":1,\"log_likelihood\":null,\"eos_logprob\":-0.25,"
                        + "\"logprob\":null,\"probability\":0.0,\"rank\":2}],"
                        + "\"source_topic\":\"in\",\"source_partition\":3,\"source_offset\":7,\"source_timestamp\":9}");
    }

    @Test
    void theMessageSaysTheSame() throws Exception {
        Score read = Score.parseFrom(ResultProtobuf.write(record(-2, IMPOSSIBLE)));
        assertThat(read.getEvent()).isEqualTo(Event.EVENT_CANDIDATES);
        assertThat(read.getBytes()).isEqualTo(16);
        assertThat(read.getLogLikelihood()).isEqualTo(-2.5);
        Candidates candidates = read.getCandidates();
        assertThat(candidates.getBest()).isZero();
        assertThat(candidates.getCandidatesList()).extracting("logLikelihood").containsExactly(-2.0, IMPOSSIBLE);
        assertThat(candidates.getCandidatesList()).extracting("eosLogProb").containsExactly(-0.5, -0.25);
        assertThat(candidates.getCandidatesList()).extracting("logProb").containsExactly(0.0, IMPOSSIBLE);
        assertThat(candidates.getCandidatesList()).extracting("rank").containsExactly(1, 2);
        assertThat(candidates.getCandidates(1).getText().toByteArray()).containsExactly(0xFF);
    }

    @Test
    void whereNoneCanComeThereIsNoBest() throws Exception {
        CandidatesRecord none = record(IMPOSSIBLE, IMPOSSIBLE);
        assertThat(new String(ResultJson.write(none), UTF_8)).contains("\"best\":null");
        assertThat(Score.parseFrom(ResultProtobuf.write(none)).getCandidates().hasBest())
                .isFalse();
    }

    @Test
    void whatIsTooLargeHasNoList() throws Exception {
        Shortening shortening = new Shortening(Keeps.TEXTS, 9, 8);
        assertThat(new String(ResultJson.write(record(-2, -1), shortening, SourceFields.LEFT_OUT), UTF_8))
                .isEqualTo("{\"session\":\"s\",\"event\":\"too_large\",\"of\":\"candidates\",\"record_bytes\":9,"
                        + "\"limit_bytes\":8,\"source_topic\":\"in\",\"source_partition\":3,\"source_offset\":7,"
                        + "\"source_timestamp\":9,\"bytes\":16,\"log_likelihood\":-2.5,\"best\":1}");
        Score read = Score.parseFrom(ResultProtobuf.write(record(-2, -1), shortening, SourceFields.LEFT_OUT));
        assertThat(read.getTooLarge().getOf()).isEqualTo(Event.EVENT_CANDIDATES);
        assertThat(read.getCandidates().getCandidatesList()).isEmpty();
        assertThat(read.getCandidates().getBest()).isEqualTo(1);
    }
}
