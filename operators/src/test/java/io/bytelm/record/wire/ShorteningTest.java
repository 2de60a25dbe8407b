package io.bytelm.record.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.Score;
import io.bytelm.record.wire.Shortening.Keeps;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results that are too large for their topic. */
class ShorteningTest {
    private static final SourcePosition SOURCE = new SourcePosition("in", 2, 7, 9);
    private static final NextSymbols NEXT = new NextSymbols(new int[] {'a'}, new double[] {-0.25});
    private static final Output OUTPUT = new Output("ab".getBytes(UTF_8), Ending.COMPLETE, true, -3.5, -1.5);
    private static final Finished FINISHED =
            new Finished("s".getBytes(UTF_8), OUTPUT, List.of(OUTPUT, OUTPUT), 1.5, -2.25, false, SOURCE);
    private static final Generated GENERATED =
            new Generated("s".getBytes(UTF_8), 9, "ab".getBytes(UTF_8), 1, -2.5, -1, null, NEXT, false, SOURCE);
    private static final String STANDS_FOR = "\"record_bytes\":5000,\"limit_bytes\":4096,\"source_topic\":\"in\","
            + "\"source_partition\":2,\"source_offset\":7,\"source_timestamp\":9,";

    private static String json(Result result, Keeps keeps) {
        return new String(ResultJson.write(result, new Shortening(keeps, 5000, 4096), SourceFields.LEFT_OUT), UTF_8);
    }

    private static OutputRecord.Score score(byte[] session) {
        return new OutputRecord.Score(
                session, OutputRecord.Event.CHUNK, 4, 2, -1.5, -2, NEXT, null, null, false, SOURCE);
    }

    @Test
    void aScoreLosesItsListAndKeepsItsNumbers() {
        assertThat(json(score("s".getBytes(UTF_8)), Keeps.TEXTS))
                .isEqualTo("{\"session\":\"s\",\"event\":\"too_large\",\"of\":\"chunk\"," + STANDS_FOR
                        + "\"bytes\":4,\"chunk_bytes\":2,\"chunk_log_likelihood\":-1.5,\"log_likelihood\":-2.0,"
                        + "\"bits_per_byte\":0.7213475204444817}");
    }

    /** Whatever the job writes otherwise: the whole can only be had from there. */
    @Test
    void whereItComesFromIsSaidOnceInAnyCase() {
        Shortening shortening = new Shortening(Keeps.NUMBERS, 5000, 4096);
        assertThat(ResultJson.write(FINISHED, shortening, SourceFields.WRITTEN))
                .isEqualTo(ResultJson.write(FINISHED, shortening, SourceFields.LEFT_OUT));
    }

    @Test
    void anEndLosesItsParticlesAndThenItsText() {
        String numbers =
                "\"log_likelihood\":-3.5,\"log_weight\":-1.5,\"log_constraint_probability\":-2.25,\"ess\":1.5}";
        String beginning = "{\"session\":\"s\",\"event\":\"too_large\",\"of\":\"end\"," + STANDS_FOR
                + "\"reason\":\"complete\",\"complete\":true,\"bytes\":2,";

        assertThat(json(FINISHED, Keeps.TEXTS)).isEqualTo(beginning + "\"text\":\"ab\"," + numbers);
        assertThat(json(FINISHED, Keeps.NUMBERS)).isEqualTo(beginning + numbers);
    }

    @Test
    void generatedBytesLoseTheirListAndThenTheirText() {
        assertThat(json(GENERATED, Keeps.TEXTS)).contains("\"text\":\"ab\"").doesNotContain("\"next\"");
        assertThat(json(GENERATED, Keeps.NUMBERS)).contains("\"bytes\":9").doesNotContain("\"text\"");
    }

    @Test
    void aLongSessionIsCutBetweenItsCharactersAndToldApartByItsHash() {
        byte[] session = ("x" + "é".repeat(200)).getBytes(UTF_8);

        assertThat(json(score(session), Keeps.TEXTS)).contains("\"session\":\"x" + "é".repeat(200) + "\"");
        assertThat(json(score(session), Keeps.NUMBERS))
                .startsWith("{\"session\":\"x" + "é".repeat(127) + "\",\"session_bytes\":401,\"session_sha256\":\""
                        + "15af5976b8687b17d99d25b360ab4bf3cdd51e4855201b954f2974cbc2bcf90f");
    }

    @Test
    void theSameAsProtobuf() throws Exception {
        Score numbers = Score.parseFrom(
                ResultProtobuf.write(FINISHED, new Shortening(Keeps.NUMBERS, 5000, 4096), SourceFields.LEFT_OUT));
        Score texts = Score.parseFrom(
                ResultProtobuf.write(GENERATED, new Shortening(Keeps.TEXTS, 5000, 4096), SourceFields.WRITTEN));

        assertThat(numbers.getEvent()).isEqualTo(Event.EVENT_TOO_LARGE);
        assertThat(numbers.getTooLarge().getOf()).isEqualTo(Event.EVENT_END);
        assertThat(numbers.getTooLarge().getLimitBytes()).isEqualTo(4096);
        assertThat(numbers.getTooLarge().getSourceOffset()).isEqualTo(7);
        assertThat(numbers.getSource().getTimestampMillis()).isEqualTo(9);
        assertThat(texts.getSource().getOffset()).isEqualTo(7);
        assertThat(numbers.getBytes()).isEqualTo(2);
        assertThat(numbers.getDecoded().getText().isEmpty()).isTrue();
        assertThat(numbers.getDecoded().getOutput().getText().isEmpty()).isTrue();
        assertThat(numbers.getDecoded().getParticlesCount()).isZero();
        assertThat(numbers.getDecoded().getEss()).isEqualTo(1.5);
        assertThat(texts.getTooLarge().getOf()).isEqualTo(Event.EVENT_GENERATED);
        assertThat(texts.getDecoded().getText().toStringUtf8()).isEqualTo("ab");
        assertThat(texts.getNextCount()).isZero();
    }
}
