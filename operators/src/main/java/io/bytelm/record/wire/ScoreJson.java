package io.bytelm.record.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.record.Anomaly;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A score as one line of JSON in UTF-8, always with its fields in this order:
 *
 * <pre>
 *   session                 the Kafka key as text; null if it is not UTF-8
 *   session_hex             the Kafka key in hex; only if it is not UTF-8
 *   event                   "byte", "chunk", "end", "dead_end"; "alert" of an {@link io.bytelm.record.Alert}
 *   bytes                   bytes scored so far, the prompt not counted
 *   chunk_bytes             bytes scored since the session's last record
 *   chunk_log_likelihood    log P of those (nats)
 *   log_likelihood          log P of all scored bytes (nats)
 *   log_likelihood_upper    over canonical tokenizations: log P lies between the one before and this one; else not there
 *   bits_per_byte           the same in bits, per byte, positive
 *   rank                    how many of the 256 bytes were at least as probable as the one that came, itself included; only with
 *                           "byte", and only if anomalies are asked for, as the two that follow
 *   window_bits_per_byte    the mean surprisal of the last bytes; from the first full window on
 *   z                       by how many standard deviations that is above the mean of the session's windows before
 *   next                    most probable first; only if asked for. {"byte":101,"text":"e","logprob":-0.1}, the text only
 *                           for ASCII; {"symbol":"EOT",..}, {"symbol":"EOS",..}; a logprob of null is minus infinity
 *   eos_logprob             log P of an end here (nats), null for minus infinity; only with "end" and EOS tokens
 *   failed_byte             the byte that could not be read, or null for one of the prompt; only with "dead_end"
 *   truncated               true if the model has read a shortened context for any of these numbers; else it is not there
 *   source_topic, source_partition, source_offset, source_timestamp (ms)
 *                           the input record that it answers; not if {@link SourceFields#LEFT_OUT}
 *   restarted               why the job has begun the session anew: "model-changed"; only in the first record afterwards
 * </pre>
 *
 * <p>What is too large for its topic has the event "too_large". After it come of (the event it would have been), record_bytes,
 * limit_bytes and the four fields of the source; then the same numbers, and no lists. A session key that is cut
 * is followed by session_bytes and session_sha256.
 */
public final class ScoreJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ScoreJson() {}

    /** The line, without a line break at its end. Thread-safe. */
    public static byte[] write(Score score) {
        return write(score, null, SourceFields.WRITTEN);
    }

    /** @param shortening null to write all of it */
    static byte[] write(Score score, @Nullable Shortening shortening, SourceFields sources) {
        return write(score, score.event().name().toLowerCase(Locale.ROOT), shortening, sources);
    }

    /** @param event what has happened, where that is something else than the score's event */
    static byte[] write(Score score, String event, @Nullable Shortening shortening, SourceFields sources) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            WireFields.writeBeginning(score, event, shortening, json);
            json.writeNumberField("bytes", score.bytesConsumed());
            json.writeNumberField("chunk_bytes", score.chunkBytes());
            json.writeNumberField("chunk_log_likelihood", score.chunkLogLikelihood());
            json.writeNumberField("log_likelihood", score.totalLogLikelihood());
            Double upper = score.totalLogLikelihoodUpper();
            if (upper != null) {
                json.writeNumberField("log_likelihood_upper", upper);
            }
            json.writeNumberField("bits_per_byte", score.bitsPerByte());
            writeAnomaly(score.anomaly(), json);
            WireFields.writeNext(shortening == null ? score.next() : null, json);
            writeEnding(score, json);
            WireFields.writeEnd(score, shortening, sources, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static void writeAnomaly(@Nullable Anomaly anomaly, JsonGenerator json) throws IOException {
        if (anomaly == null) {
            return;
        }
        Integer rank = anomaly.rank();
        if (rank != null) {
            json.writeNumberField("rank", rank);
        }
        Double bits = anomaly.windowBitsPerByte();
        if (bits != null) {
            json.writeNumberField("window_bits_per_byte", bits);
        }
        Double z = anomaly.z();
        if (z != null) {
            json.writeNumberField("z", z);
        }
    }

    private static void writeEnding(Score score, JsonGenerator json) throws IOException {
        Double eos = score.eosLogProb();
        if (eos != null) {
            WireFields.writeLog("eos_logprob", eos, json);
        }
        if (score.event() == Event.DEAD_END) {
            Integer failed = score.failedByte();
            json.writeFieldName("failed_byte");
            if (failed == null) {
                json.writeNull();
            } else {
                json.writeNumber(failed);
            }
        }
    }
}
