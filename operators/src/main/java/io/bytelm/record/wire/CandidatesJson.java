package io.bytelm.record.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.record.CandidatesRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What candidates weigh, as one line of JSON in UTF-8, always with its fields in this order:
 *
 * <pre>
 *   session, session_hex    as in {@link ScoreJson}
 *   event                   "candidates"
 *   bytes                   bytes scored before them, the prompt not counted
 *   log_likelihood          log P of those (nats)
 *   best                    the most probable candidate, counted from 0; null if none can come
 *   candidates              one object each, in the order in which they were asked about; see {@link #writeList}
 *   truncated, source_..., restarted   as in {@link ScoreJson}
 * </pre>
 *
 * <p>What is too large for its topic has no list.
 */
public final class CandidatesJson {
    private static final JsonFactory JSON = new JsonFactory();

    private CandidatesJson() {}

    /** @param shortening null to write all of it */
    static byte[] write(CandidatesRecord record, @Nullable Shortening shortening, SourceFields sources) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            WireFields.writeBeginning(record, "candidates", shortening, json);
            json.writeNumberField("bytes", record.bytesConsumed());
            json.writeNumberField("log_likelihood", record.totalLogLikelihood());
            writeBest(record.scores(), json);
            if (shortening == null) {
                writeList(record.scores(), json);
            }
            WireFields.writeEnd(record, shortening, sources, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** The field {@code best}. */
    public static void writeBest(CandidateScores scores, JsonGenerator json) throws IOException {
        int best = scores.best();
        json.writeFieldName("best");
        if (best == CandidateScores.NONE) {
            json.writeNull();
        } else {
            json.writeNumber(best);
        }
    }

    /**
     * The field {@code candidates}, a list of objects:
     *
     * <pre>
     *   text, text_hex       the candidate; the first is null where it is not UTF-8, and the second has it in hex
     *   bytes                how many it has
     *   log_likelihood       log P (nats) after the text before it, null for minus infinity
     *   eos_logprob          how much of it is the end of the text; only if that was asked for
     *   logprob              log (nats) of its share in the probability of the whole list
     *   probability          this share
     *   rank                 1 for the most probable, the same for equal ones
     * </pre>
     */
    public static void writeList(CandidateScores scores, JsonGenerator json) throws IOException {
        double[] logProbs = scores.logProbs();
        double[] ends = scores.endLogProbs();
        int[] ranks = scores.ranks();
        json.writeArrayFieldStart("candidates");
        for (int place = 0; place < scores.size(); place++) {
            byte[] text = scores.texts().get(place);
            json.writeStartObject();
            WireFields.writeBytes("text", text, json);
            json.writeNumberField("bytes", text.length);
            WireFields.writeLog("log_likelihood", scores.logLikelihoods()[place], json);
            if (ends != null) {
                WireFields.writeLog("eos_logprob", ends[place], json);
            }
            WireFields.writeLog("logprob", logProbs[place], json);
            json.writeNumberField("probability", Math.exp(logProbs[place]));
            json.writeNumberField("rank", ranks[place]);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
