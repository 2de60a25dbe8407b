package io.bytelm.record.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.proto.DecodedOutput.Reason;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodeWireTest {
    private static final byte[] SESSION = {'s'};
    private static final SourcePosition SOURCE = new SourcePosition("in", 0, 7, 9);
    private static final String FROM =
            ",\"source_topic\":\"in\",\"source_partition\":0,\"source_offset\":7,\"source_timestamp\":9}";
    private static final NextSymbols SYMBOLS = new NextSymbols(new int[] {'a', 257}, new double[] {-0.25, -1.5});
    private static final Generated GENERATED = new Generated(
            SESSION, 9, new byte[] {'a', (byte) 0xC3}, 1, -2.5, Double.NEGATIVE_INFINITY, -0.5, SYMBOLS, false, SOURCE);
    private static final Next NEXT = new Next(SESSION, 3, false, 122, 4, -1.25, -0.75, null, false, SOURCE);
    private static final Output OUTPUT = new Output("é".getBytes(UTF_8), Ending.COMPLETE, true, -3.5, -1.5);
    private static final Output LOST =
            new Output(new byte[0], Ending.DEAD_END, false, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
    private static final Finished FINISHED =
            new Finished(SESSION, OUTPUT, List.of(OUTPUT, LOST), 1, -2.25, false, SOURCE);

    private static String json(DecodeRecord record) {
        return new String(ResultJson.write(record), UTF_8);
    }

    private static Score protobuf(DecodeRecord record) throws Exception {
        return Score.parseFrom(ResultProtobuf.write(record));
    }

    @Test
    void generatedBytesAsJson() {
        assertThat(json(GENERATED))
                .isEqualTo("{\"session\":\"s\",\"event\":\"generated\",\"bytes\":9,\"text\":null,\"text_hex\":\"61c3\","
                        + "\"forced\":1,\"log_likelihood\":-2.5,\"log_weight\":null,\"log_mask\":-0.5,"
                        + "\"next\":[{\"byte\":97,\"text\":\"a\",\"logprob\":-0.25},{\"symbol\":\"EOS\",\"logprob\":-1.5}]"
                        + FROM);
    }

    @Test
    void whatMayComeNextAsJson() {
        assertThat(json(NEXT))
                .isEqualTo("{\"session\":\"s\",\"event\":\"next\",\"bytes\":3,\"accepting\":false,\"forced_byte\":122,"
                        + "\"fewest_bytes\":4,\"log_likelihood\":-1.25,\"log_mask\":-0.75" + FROM);
    }

    @Test
    void anEndAsJson() {
        assertThat(json(FINISHED))
                .isEqualTo("{\"session\":\"s\",\"event\":\"end\",\"reason\":\"complete\",\"complete\":true,\"bytes\":2,"
                        + "\"text\":\"é\",\"log_likelihood\":-3.5,\"log_weight\":-1.5,"
                        + "\"log_constraint_probability\":-2.25,\"ess\":1.0,\"particles\":["
                        + "{\"reason\":\"complete\",\"complete\":true,\"bytes\":2,\"text\":\"é\",\"log_likelihood\":-3.5,"
                        + "\"log_weight\":-1.5},{\"reason\":\"dead_end\",\"complete\":false,\"bytes\":0,\"text\":\"\","
                        + "\"log_likelihood\":null,\"log_weight\":null}]" + FROM);
    }

    @Test
    void whatALenientConstraintIgnores() throws Exception {
        Ignored ignored = new Ignored(SESSION, List.of("#/format: why", "#/items: \"so\""), SOURCE);
        assertThat(json(ignored))
                .isEqualTo("{\"session\":\"s\",\"event\":\"ignored\","
                        + "\"ignored\":[\"#/format: why\",\"#/items: \\\"so\\\"\"]" + FROM);
        assertThat(protobuf(ignored).getEvent()).isEqualTo(Event.EVENT_IGNORED);
        assertThat(protobuf(ignored).getDecoded().getIgnoredList()).containsExactly("#/format: why", "#/items: \"so\"");
    }

    @Test
    void overCanonicalTokenizationsALikelihoodHasTwoEnds() throws Exception {
        Output output = new Output(new byte[0], Ending.STOP, true, -3.5, -3.25, -1.5);
        Generated generated = new Generated(SESSION, 1, new byte[0], 0, -3.5, -3.25, -1, null, null, false, SOURCE);
        Next next = new Next(SESSION, 3, false, null, 4, -3.5, -3.25, -0.75, null, false, SOURCE);
        Finished finished = new Finished(SESSION, output, List.of(output, output), 1, -2, false, SOURCE);
        for (DecodeRecord record : List.of(generated, next, finished)) {
            assertThat(json(record)).contains("\"log_likelihood\":-3.5,\"log_likelihood_upper\":-3.25,\"log_");
            assertThat(protobuf(record).getLogLikelihoodUpper()).isEqualTo(-3.25);
        }
        assertThat(protobuf(finished).getDecoded().getParticles(1).getLogLikelihoodUpper())
                .isEqualTo(-3.25);
        assertThat(protobuf(NEXT).hasLogLikelihoodUpper()).isFalse();
    }

    @Test
    void whereItComesFromCanBeLeftOut() throws Exception {
        for (DecodeRecord record : List.of(GENERATED, NEXT, FINISHED)) {
            assertThat(new String(ResultJson.write(record, null, SourceFields.LEFT_OUT), UTF_8))
                    .isEqualTo(json(record).replace(FROM, "}"));
            assertThat(protobuf(record).getSource().getOffset()).isEqualTo(7);
            assertThat(Score.parseFrom(ResultProtobuf.write(record, null, SourceFields.LEFT_OUT))
                            .hasSource())
                    .isFalse();
        }
    }

    @Test
    void shortenedContextsAreSaid() throws Exception {
        Next next = new Next(SESSION, 3, false, 122, 4, -1.25, -0.75, null, true, SOURCE);
        assertThat(json(next)).isEqualTo(json(NEXT).replace(FROM, ",\"truncated\":true" + FROM));
        assertThat(protobuf(next))
                .isEqualTo(protobuf(NEXT).toBuilder().setTruncated(true).build());
    }

    @Test
    void allOfItAsProtobuf() throws Exception {
        Score generated = protobuf(GENERATED);
        assertThat(generated.getEvent()).isEqualTo(Event.EVENT_GENERATED);
        assertThat(generated.getDecoded().getText().toByteArray()).isEqualTo(GENERATED.piece());
        assertThat(generated.getDecoded().getLogMask()).isEqualTo(-0.5);
        assertThat(generated.getNextCount()).isEqualTo(2);
        Score next = protobuf(NEXT);
        assertThat(next.getEvent()).isEqualTo(Event.EVENT_NEXT);
        assertThat(next.getDecoded().getForcedByte()).isEqualTo(122);
        assertThat(next.getDecoded().getFewestBytes()).isEqualTo(4);
        Score end = protobuf(FINISHED);
        assertThat(end.getEvent()).isEqualTo(Event.EVENT_END);
        assertThat(end.getDecoded().getOutput().getReason()).isEqualTo(Reason.REASON_COMPLETE);
        assertThat(end.getDecoded().getParticles(1).getLogWeight()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(end.getDecoded().getLogConstraintProbability()).isEqualTo(-2.25);
    }
}
