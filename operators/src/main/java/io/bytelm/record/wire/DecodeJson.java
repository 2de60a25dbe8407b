package io.bytelm.record.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
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
 *   "ignored"     ignored: a list of lines, what is not enforced of a lenient constraint; before all others, if there is something
 *   "generated"   bytes, text | text_hex (since the last record), forced (how many of these), log_likelihood,
 *                 log_likelihood_upper (over canonical tokenizations, here and wherever the one before is), log_weight, log_mask
 *                 and next (of what the first of these was drawn from; where asked for)
 *   "next"        bytes, accepting, forced_byte (null if there is a choice), fewest_bytes, log_likelihood, log_mask, next
 *   "end"         reason ("eos", "complete", "stop", "budget", "dead_end", "ended"), complete, bytes, text | text_hex,
 *                 log_likelihood, log_weight, log_constraint_probability, ess; with several particles: particles, each
 *                 with reason, complete, bytes, text | text_hex, log_likelihood, log_weight
 *   each          truncated, the four fields of the source, and restarted, as in {@link ScoreJson}
 * </pre>
 *
 * <p>What is too large for its topic has the event "too_large", as in {@link ScoreJson}: without next and particles, and where
 * that is still too large without text.
 */
public final class DecodeJson {
    private static final JsonFactory JSON = new JsonFactory();

    private DecodeJson() {}

    /** The line, without a line break at its end. Thread-safe. */
    public static byte[] write(DecodeRecord record) {
        return write(record, null, SourceFields.WRITTEN);
    }

    /** @param shortening null to write all of it */
    static byte[] write(DecodeRecord record, @Nullable Shortening shortening, SourceFields sources) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (record instanceof Generated generated) {
                writeGenerated(generated, shortening, json);
            } else if (record instanceof Next next) {
                writeNext(next, shortening, json);
            } else if (record instanceof Finished finished) {
                writeFinished(finished, shortening, json);
            } else if (record instanceof Ignored said) {
                writeIgnored(said, shortening, json);
            }
            WireFields.writeEnd(record, shortening, sources, json);
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

    private static void writeIgnored(Ignored said, @Nullable Shortening shortening, JsonGenerator json)
            throws IOException {
        WireFields.writeBeginning(said, "ignored", shortening, json);
        if (shortening == null) {
            json.writeArrayFieldStart("ignored");
            for (String line : said.ignored()) {
                json.writeString(line);
            }
            json.writeEndArray();
        }
    }

    private static void writeGenerated(Generated generated, @Nullable Shortening shortening, JsonGenerator json)
            throws IOException {
        WireFields.writeBeginning(generated, "generated", shortening, json);
        json.writeNumberField("bytes", generated.bytes());
        if (shortening == null || shortening.keepsTexts()) {
            WireFields.writeBytes("text", generated.piece(), json);
        }
        json.writeNumberField("forced", generated.forcedBytes());
        WireFields.writeLog("log_likelihood", generated.logLikelihood(), json);
        writeUpper(generated.logLikelihoodUpper(), json);
        WireFields.writeLog("log_weight", generated.logWeight(), json);
        Double logMask = generated.logMask();
        if (logMask != null) {
            WireFields.writeLog("log_mask", logMask, json);
        }
        WireFields.writeNext(shortening == null ? generated.next() : null, json);
    }

    private static void writeNext(Next next, @Nullable Shortening shortening, JsonGenerator json) throws IOException {
        WireFields.writeBeginning(next, "next", shortening, json);
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
        writeUpper(next.logLikelihoodUpper(), json);
        WireFields.writeLog("log_mask", next.logMask(), json);
        WireFields.writeNext(shortening == null ? next.next() : null, json);
    }

    private static void writeFinished(Finished finished, @Nullable Shortening shortening, JsonGenerator json)
            throws IOException {
        WireFields.writeBeginning(finished, "end", shortening, json);
        writeOutput(finished.output(), shortening == null || shortening.keepsTexts(), json);
        WireFields.writeLog("log_constraint_probability", finished.logConstraintProbability(), json);
        json.writeNumberField("ess", finished.effectiveSampleSize());
        if (shortening == null && !finished.particles().isEmpty()) {
            json.writeArrayFieldStart("particles");
            for (Output particle : finished.particles()) {
                json.writeStartObject();
                writeOutput(particle, true, json);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static void writeUpper(@Nullable Double upper, JsonGenerator json) throws IOException {
        if (upper != null) {
            WireFields.writeLog("log_likelihood_upper", upper, json);
        }
    }

    private static void writeOutput(Output output, boolean withText, JsonGenerator json) throws IOException {
        json.writeStringField("reason", reason(output.ending()));
        json.writeBooleanField("complete", output.complete());
        json.writeNumberField("bytes", output.bytes().length);
        if (withText) {
            WireFields.writeBytes("text", output.bytes(), json);
        }
        WireFields.writeLog("log_likelihood", output.logLikelihood(), json);
        writeUpper(output.logLikelihoodUpper(), json);
        WireFields.writeLog("log_weight", output.logWeight(), json);
    }
}
