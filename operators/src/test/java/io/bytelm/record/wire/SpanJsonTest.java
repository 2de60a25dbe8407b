package io.bytelm.record.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.record.Alert;
import io.bytelm.record.Anomaly;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import io.bytelm.record.ToldTokens.Token;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.Score;
import io.bytelm.record.wire.Shortening.Keeps;
import io.bytelm.span.Span;
import io.bytelm.span.SpanProgress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A span in both output formats. */
class SpanJsonTest {
    private static final SourcePosition SOURCE = new SourcePosition("in", 0, 7, 9);

    private static SpanScore score(byte[] text, long bytes, @Nullable Double word) {
        Span span = new Span(2, 10, 10 + bytes, text, -Math.log(2), word);
        return new SpanScore(new byte[] {'s'}, span, false, SOURCE);
    }

    private static String json(SpanScore score) {
        return new String(ResultJson.write(score, null, SourceFields.LEFT_OUT), UTF_8);
    }

    @Test
    void theFieldsStandInTheirOrder() {
        assertThat(json(score(" caf\u00e9".getBytes(UTF_8), 6, -0.5)))
                .isEqualTo(
                        "{\"session\":\"s\",\"event\":\"span\",\"span\":2,\"from\":10,\"to\":16,\"text\":\" caf\u00e9\","
                                + "\"bytes\":6,\"log_likelihood\":-0.6931471805599453,\"bits\":1.0,\"word_log_likelihood\":-0.5}");
        assertThat(json(score(new byte[] {(byte) 0xFF}, 1, null)))
                .contains("\"text\":null,\"text_hex\":\"ff\"")
                .doesNotContain("word_log_likelihood", "text_cut");
    }

    @Test
    void theBeginningOfALongTextEndsWithAWholeCharacter() throws Exception {
        byte[] text = Arrays.copyOf("a\u00e9".repeat(3000).getBytes(UTF_8), SpanProgress.MOST_TEXT_BYTES);
        JsonNode read = new ObjectMapper().readTree(ResultJson.write(score(text, 9000, null)));
        assertThat(read.path("text_cut").booleanValue()).isTrue();
        assertThat(read.path("text").textValue()).startsWith("a\u00e9a").hasSizeBetween(2700, 2731);
        assertThat(read.path("bytes").longValue()).isEqualTo(9000);
    }

    @Test
    void whatIsTooLargeLosesItsTextLast() throws Exception {
        SpanScore score = score("word".getBytes(UTF_8), 4, null);
        for (Keeps keeps : Keeps.values()) {
            JsonNode read = new ObjectMapper()
                    .readTree(ResultJson.write(score, new Shortening(keeps, 9, 8), SourceFields.LEFT_OUT));
            assertThat(read.path("event").asText()).isEqualTo("too_large");
            assertThat(read.path("of").asText()).isEqualTo("span");
            assertThat(read.has("text")).isEqualTo(keeps == Keeps.TEXTS);
        }
    }

    @Test
    void theMessageSaysWhatTheLineSays() throws Exception {
        Score read = Score.parseFrom(
                ResultProtobuf.write(new Restarted(score("word".getBytes(UTF_8), 4, -0.5), Restarted.MODEL_CHANGED)));
        assertThat(read.getEvent()).isEqualTo(Event.EVENT_SPAN);
        assertThat(read.getRestarted()).isEqualTo("model-changed");
        assertThat(read.getSource().getOffset()).isEqualTo(7);
        assertThat(read.getSpan().getIndex()).isEqualTo(2);
        assertThat(read.getSpan().getFrom()).isEqualTo(10);
        assertThat(read.getSpan().getTo()).isEqualTo(14);
        assertThat(read.getSpan().getText().toStringUtf8()).isEqualTo("word");
        assertThat(read.getSpan().getLogLikelihood()).isEqualTo(-Math.log(2));
        assertThat(read.getSpan().getBits()).isEqualTo(1);
        assertThat(read.getSpan().getWordLogLikelihood()).isEqualTo(-0.5);
        assertThat(Score.parseFrom(ResultProtobuf.write(score(new byte[1], 1, null)))
                        .getSpan()
                        .hasWordLogLikelihood())
                .isFalse();
    }

    @Test
    void settledTokensAreAListInBothFormats() throws Exception {
        ToldTokens told =
                new ToldTokens(new byte[] {'s'}, List.of(new Token(262, -2, 3), new Token(5, 3, 4)), true, SOURCE);
        assertThat(new String(ResultJson.write(told, null, SourceFields.LEFT_OUT), UTF_8))
                .isEqualTo("{\"session\":\"s\",\"event\":\"tokens\",\"tokens\":[{\"id\":262,\"from\":-2,\"to\":3},"
                        + "{\"id\":5,\"from\":3,\"to\":4}],\"truncated\":true}");
        Score read = Score.parseFrom(ResultProtobuf.write(told));
        assertThat(read.getEvent()).isEqualTo(Event.EVENT_TOKENS);
        assertThat(read.getTokens(0).getId()).isEqualTo(262);
        assertThat(read.getTokens(0).getFrom()).isEqualTo(-2);
        assertThat(read.getTokens(1).getTo()).isEqualTo(4);
    }

    @Test
    void howUnusualBytesAreStandsBehindTheBitsPerByte() throws Exception {
        OutputRecord.Score plain = new OutputRecord.Score(
                new byte[] {'s'}, OutputRecord.Event.BYTE, 9, 1, -1, -2, null, null, null, false, SOURCE);
        assertThat(new String(ResultJson.write(plain.with(new Anomaly(7, 2.0, -1.5))), UTF_8))
                .contains(",\"rank\":7,\"window_bits_per_byte\":2.0,\"z\":-1.5,\"source_topic\"");
        assertThat(new String(ResultJson.write(plain.with(new Anomaly(null, null, null))), UTF_8))
                .doesNotContain("rank", "window", "\"z\"");
        Score read = Score.parseFrom(ResultProtobuf.write(plain.with(new Anomaly(7, 2.0, -1.5))));
        Alert alert = new Alert(plain.with(new Anomaly(7, 2.0, 5.0)));
        assertThat(new String(ResultJson.write(alert), UTF_8)).contains("\"event\":\"alert\"", "\"z\":5.0");
        assertThat(Score.parseFrom(ResultProtobuf.write(alert)).getEvent()).isEqualTo(Event.EVENT_ALERT);
        assertThat(read.getRank()).isEqualTo(7);
        assertThat(read.getWindowBitsPerByte()).isEqualTo(2);
        assertThat(read.getZ()).isEqualTo(-1.5);
        assertThat(Score.parseFrom(ResultProtobuf.write(plain)).hasZ()).isFalse();
    }
}
