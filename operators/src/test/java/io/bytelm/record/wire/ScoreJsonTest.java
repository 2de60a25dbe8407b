package io.bytelm.record.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.dist.Symbols;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SourcePosition;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScoreJsonTest {
    private static final SourcePosition SOURCE = new SourcePosition("in", 3, 1L << 40, 1700000000000L);
    private static final String FROM = ",\"source_topic\":\"in\",\"source_partition\":3,"
            + "\"source_offset\":1099511627776,\"source_timestamp\":1700000000000}";

    private static Score score(
            byte[] session, Event event, @Nullable NextSymbols next, @Nullable Double eos, @Nullable Integer failed) {
        return new Score(session, event, 16, 2, -1.5, -4 * Math.log(2), next, eos, failed, false, SOURCE);
    }

    private static String json(Score score) {
        return new String(ScoreJson.write(score), UTF_8);
    }

    @Test
    void aChunk() {
        NextSymbols next = new NextSymbols(
                new int[] {'e', '"', '\n', 0xC3, Symbols.EOS, Symbols.EOT},
                new double[] {-0.125, -1, -2, -3, -1e-7, Double.NEGATIVE_INFINITY});
        assertThat(json(score("Grüße".getBytes(UTF_8), Event.CHUNK, next, null, null)))
                .isEqualTo("{\"session\":\"Grüße\",\"event\":\"chunk\",\"bytes\":16,\"chunk_bytes\":2,"
                        + "\"chunk_log_likelihood\":-1.5,\"log_likelihood\":-2.772588722239781,\"bits_per_byte\":0.25,"
                        + "\"next\":[{\"byte\":101,\"text\":\"e\",\"logprob\":-0.125},"
                        + "{\"byte\":34,\"text\":\"\\\"\",\"logprob\":-1.0},"
                        + "{\"byte\":10,\"text\":\"\\n\",\"logprob\":-2.0},"
                        + "{\"byte\":195,\"logprob\":-3.0},"
                        + "{\"symbol\":\"EOS\",\"logprob\":-1.0E-7},"
                        + "{\"symbol\":\"EOT\",\"logprob\":null}]" + FROM);
    }

    @Test
    void betweenWhatALogLikelihoodOverCanonicalTokenizationsLies() {
        Score score = new Score(new byte[] {'s'}, Event.END, 2, 2, -1, -2, -1.5, null, null, null, false, SOURCE);
        assertThat(json(score)).contains(",\"log_likelihood\":-2.0,\"log_likelihood_upper\":-1.5,\"bits_per_byte\":");
    }

    @Test
    void aSessionThatIsNoText() {
        assertThat(json(score(new byte[] {(byte) 0xFF, 0}, Event.BYTE, null, null, null)))
                .isEqualTo(
                        "{\"session\":null,\"session_hex\":\"ff00\",\"event\":\"byte\",\"bytes\":16,\"chunk_bytes\":2,"
                                + "\"chunk_log_likelihood\":-1.5,\"log_likelihood\":-2.772588722239781,\"bits_per_byte\":0.25"
                                + FROM);
    }

    @Test
    void anEndAndADeadEnd() {
        byte[] session = {'s'};
        assertThat(json(score(session, Event.END, null, -0.5, null)))
                .endsWith("\"bits_per_byte\":0.25,\"eos_logprob\":-0.5" + FROM);
        assertThat(json(score(session, Event.END, null, Double.NEGATIVE_INFINITY, null)))
                .endsWith("\"eos_logprob\":null" + FROM);
        assertThat(json(score(session, Event.DEAD_END, null, null, 255)))
                .contains("\"event\":\"dead_end\"")
                .endsWith("\"bits_per_byte\":0.25,\"failed_byte\":255" + FROM);
        assertThat(json(score(session, Event.DEAD_END, null, null, null))).endsWith("\"failed_byte\":null" + FROM);
    }

    @Test
    void shortenedContextsAreSaid() {
        Score score =
                new Score(new byte[] {'s'}, Event.END, 16, 2, -1.5, -4 * Math.log(2), null, -0.5, null, true, SOURCE);
        assertThat(json(score)).endsWith("\"eos_logprob\":-0.5,\"truncated\":true" + FROM);
        Shortening shortening = new Shortening(Shortening.Keeps.NUMBERS, 9, 8);
        assertThat(new String(ScoreJson.write(score, shortening, SourceFields.WRITTEN), UTF_8))
                .startsWith("{\"session\":\"s\",\"event\":\"too_large\",\"of\":\"end\"")
                .endsWith("\"eos_logprob\":-0.5,\"truncated\":true}");
    }

    @Test
    void nothingScoredYetIsZeroWithoutASign() {
        Score nothing = new Score(new byte[0], Event.CHUNK, 0, 0, 0, 0, null, null, null, false, SOURCE);
        Score certain = new Score(new byte[0], Event.CHUNK, 3, 3, 0, 0, null, null, null, false, SOURCE);
        assertThat(json(nothing)).endsWith("\"log_likelihood\":0.0,\"bits_per_byte\":0.0" + FROM);
        assertThat(json(certain)).endsWith("\"bits_per_byte\":0.0" + FROM);
    }

    @Test
    void whereItComesFromCanBeLeftOut() {
        Score end = score(new byte[] {'s'}, Event.END, null, -0.5, null);
        assertThat(new String(ScoreJson.write(end, null, SourceFields.LEFT_OUT), UTF_8))
                .endsWith("\"bits_per_byte\":0.25,\"eos_logprob\":-0.5}");
        assertThat(new String(ResultJson.write(end, null, SourceFields.LEFT_OUT), UTF_8) + "\n")
                .isEqualTo(json(end).replace(FROM, "}\n"));
    }

    @Test
    void anyParserReadsItAndItIsOneLine() throws Exception {
        NextSymbols all = new NextSymbols(IntStream.range(0, 258).toArray(), new double[258]);
        byte[] line = ScoreJson.write(score("a\nb\u0000".getBytes(UTF_8), Event.CHUNK, all, null, null));
        assertThat(new String(line, UTF_8)).doesNotContain("\n");
        assertThat(new ObjectMapper()
                        .readTree(line)
                        .get("next")
                        .get(10)
                        .get("text")
                        .textValue())
                .isEqualTo("\n");
    }
}
