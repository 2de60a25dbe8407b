package io.bytelm.job.likelihood.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.job.likelihood.document.Item;
import io.bytelm.record.wire.Shortening;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * A row as the job writes it: the key that it is sorted by later, a tab, and the row as JSON. Keys are source and position;
 * equal strings are equal keys.
 */
public final class RowLine {
    /** Between key and row; JSON escapes it, and so does the key. */
    public static final char SEPARATOR = '\t';

    /** The field with the first bytes of the document, in base64; in no result. */
    public static final String BEGINNING = "beginning";

    private static final int MOST_BYTES_OF_BEGINNING = 2048;
    private static final JsonFactory JSON = new JsonFactory();

    private RowLine() {}

    @FunctionalInterface
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** @param plan which numbers rows have */
    static String scored(DocumentInFlight document, ScoringPlan plan) {
        Item item = document.item();
        int bytes = item.bytes().length;
        int counted = bytes - document.skippedBytes();
        double logLikelihood = document.logLikelihood();
        return line(item, keyOf(item), json -> {
            json.writeNumberField("bytes", bytes);
            if (plan.normalizes()) {
                json.writeNumberField("normalized_bytes", document.text().length);
            }
            if (plan.restarts()) {
                json.writeNumberField("skipped_bytes", document.skippedBytes());
                json.writeNumberField("dead_ends", document.deadEnds());
            }
            json.writeNumberField("log_likelihood", logLikelihood);
            if (plan.canonical() != null) {
                json.writeNumberField("log_likelihood_upper", document.logLikelihoodUpper());
            }
            if (counted <= 0) {
                json.writeNullField("bits_per_byte");
            } else {
                json.writeNumberField("bits_per_byte", -logLikelihood / (counted * Math.log(2)));
            }
            json.writeNumberField("evaluations", document.evaluations());
            json.writeNumberField("truncated_bytes", document.truncatedBytes());
            json.writeNumberField("windows", document.windows());
            if (plan.byteLogProbs() && document.byteLogProbs().length > 0) {
                write(document.byteLogProbs(), json);
            }
            if (plan.beginnings()) {
                json.writeBinaryField(BEGINNING, Shortening.beginningOf(document.text(), MOST_BYTES_OF_BEGINNING));
            }
        });
    }

    /** Null for a byte that was left out. */
    private static void write(double[] byteLogProbs, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("byte_logprobs");
        for (double logProb : byteLogProbs) {
            if (Double.isNaN(logProb)) {
                json.writeNull();
            } else {
                json.writeNumber(logProb);
            }
        }
        json.writeEndArray();
    }

    static String rejected(Item reject) {
        return line(reject, keyOf(reject), json -> {
            json.writeStringField(
                    "reason", reject.reason() == null ? "" : reject.reason().word());
            json.writeStringField("message", reject.message());
        });
    }

    /** What orders a row among those of its source. */
    static String keyOf(Item item) {
        return String.format(Locale.ROOT, "%019d", item.position());
    }

    /** The key of a document's row, from that of a line whose position is the document's, a dot, and a place in it. */
    public static String documentOf(String key) {
        return key.substring(0, key.lastIndexOf('.')) + SEPARATOR;
    }

    /** @param position {@link #keyOf}, or what begins with it */
    static String line(Item item, String position, Fields fields) {
        StringWriter text = new StringWriter();
        text.append(inOneWord(item.source())).append(SEPARATOR).append(position).append(SEPARATOR);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("id", item.id());
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    /** Without what ends a line or the key; other sources have other words. */
    private static String inOneWord(String source) {
        return source.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    /** Where the row begins, behind the key. */
    public static int rowStart(String line) {
        return line.indexOf(SEPARATOR, line.indexOf(SEPARATOR) + 1) + 1;
    }
}
