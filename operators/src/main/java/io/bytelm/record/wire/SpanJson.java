package io.bytelm.record.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.record.SpanScore;
import io.bytelm.span.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A span of a session as one line of JSON in UTF-8, always with its fields in this order:
 *
 * <pre>
 *   session, session_hex    as in {@link ScoreJson}
 *   event                   "span"
 *   span                    its index in the session, from 0
 *   from, to                how many scored bytes lie before it, and before its end
 *   text, text_hex          its bytes, the second in hex and only if they are not UTF-8
 *   text_cut                true if the text is only its beginning; else it is not there
 *   bytes                   how many it has
 *   log_likelihood          log P of them after all before (nats)
 *   bits                    the same in bits, positive
 *   word_log_likelihood     log P of a word's bytes before its white space, and that it ends there (nats), if that is known
 *   truncated, source_topic, ..., restarted   as in {@link ScoreJson}
 * </pre>
 */
public final class SpanJson {
    private static final JsonFactory JSON = new JsonFactory();

    private SpanJson() {}

    /** @param shortening null to write all of it */
    static byte[] write(SpanScore score, @Nullable Shortening shortening, SourceFields sources) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        Span span = score.span();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            WireFields.writeBeginning(score, "span", shortening, json);
            json.writeNumberField("span", span.index());
            json.writeNumberField("from", span.from());
            json.writeNumberField("to", span.to());
            if (shortening == null || shortening.keepsTexts()) {
                writeText(span, json);
            }
            json.writeNumberField("bytes", span.bytes());
            json.writeNumberField("log_likelihood", span.logLikelihood());
            json.writeNumberField("bits", span.bits());
            Double word = span.wordLogLikelihood();
            if (word != null) {
                json.writeNumberField("word_log_likelihood", word);
            }
            WireFields.writeEnd(score, shortening, sources, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static void writeText(Span span, JsonGenerator json) throws IOException {
        WireFields.writeBytes("text", text(span), json);
        if (span.isCut()) {
            json.writeBooleanField("text_cut", true);
        }
    }

    /** Its bytes; the beginning of a long one ends with a whole character. */
    public static byte[] text(Span span) {
        return span.isCut() ? Shortening.beginningOf(span.text(), span.text().length - 1) : span.text();
    }
}
