package io.bytelm.record.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a decoding session says, as one line of JSON in UTF-8. Each begins with {@code session} (or {@code session_hex}, as
 * in {@link ScoreJson}) and {@code event}. Logarithms are in nats; null is minus infinity.
 *
 * <pre>
 *   "generated"   bytes, text | text_hex (since the last record), forced (how many of these), log_likelihood, log_weight,
 *                 log_mask and next (of what the first of these was drawn from; where asked for)
 *   "next"        bytes, accepting, forced_byte (null if there is a choice), fewest_bytes, log_likelihood, log_mask, next
 *   "end"         reason ("eos", "complete", "stop", "budget", "dead_end", "ended"), complete, bytes, text | text_hex,
 *                 log_likelihood, log_weight, log_constraint_probability, ess; with several particles: particles, each
 *                 with reason, complete, bytes, text | text_hex, log_likelihood, log_weight
 *   each          restarted, as in {@link ScoreJson}
 * </pre>
 */
public final class DecodeJson {
    private static final JsonFactory JSON = new JsonFactory();

    private DecodeJson() {}

    /** The line, without a line break at its end. Thread-safe. */
    public static byte[] write(DecodeRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            WireFields.writeBytes("session", record.session(), json);
            if (record instanceof Generated generated) {
                writeGenerated(generated, json);
            } else if (record instanceof Next next) {
                writeNext(next, json);
            } else if (record instanceof Finished finished) {
                writeFinished(finished, json);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** The name of an ending, {@code ended} for null. */
    public static String reason(@Nullable Ending ending) {
        return ending == null ? "ended" : ending.name().toLowerCase(Locale.ROOT);
    }

    private static void writeGenerated(Generated generated, JsonGenerator json) throws IOException {
        json.writeStringField("event", "generated");
        json.writeNumberField("bytes", generated.bytes());
        WireFields.writeBytes("text", generated.piece(), json);
        json.writeNumberField("forced", generated.forcedBytes());
        WireFields.writeLog("log_likelihood", generated.logLikelihood(), json);
        WireFields.writeLog("log_weight", generated.logWeight(), json);
        Double logMask = generated.logMask();
        if (logMask != null) {
            WireFields.writeLog("log_mask", logMask, json);
        }
        WireFields.writeNext(generated.next(), json);
    }

    private static void writeNext(Next next, JsonGenerator json) throws IOException {
        json.writeStringField("event", "next");
        json.writeNumberField("bytes", next.bytes());
        json.writeBooleanField("accepting", next.accepting());
        Integer forced = next.forcedByte();
        json.writeFieldName("forced_byte");
        if (forced == null) {
            json.writeNull();
        } else {
            json.writeNumber(forced);
        }
        json.writeNumberField("fewest_bytes", next.fewestBytes());
        WireFields.writeLog("log_likelihood", next.logLikelihood(), json);
        WireFields.writeLog("log_mask", next.logMask(), json);
        WireFields.writeNext(next.next(), json);
    }

    private static void writeFinished(Finished finished, JsonGenerator json) throws IOException {
        json.writeStringField("event", "end");
        writeOutput(finished.output(), json);
        WireFields.writeLog("log_constraint_probability", finished.logConstraintProbability(), json);
        json.writeNumberField("ess", finished.effectiveSampleSize());
        if (!finished.particles().isEmpty()) {
            json.writeArrayFieldStart("particles");
            for (Output particle : finished.particles()) {
                json.writeStartObject();
                writeOutput(particle, json);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static void writeOutput(Output output, JsonGenerator json) throws IOException {
        json.writeStringField("reason", reason(output.ending()));
        json.writeBooleanField("complete", output.complete());
        json.writeNumberField("bytes", output.bytes().length);
        WireFields.writeBytes("text", output.bytes(), json);
        WireFields.writeLog("log_likelihood", output.logLikelihood(), json);
        WireFields.writeLog("log_weight", output.logWeight(), json);
    }
}
