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

    /**
     * @param certified whether rows say how much the log-likelihood is at most
     * @param byteLogProbs whether they list the log-probability of every byte
     * @param beginnings whether they keep the first bytes of their documents
     */
    static String scored(DocumentInFlight document, boolean certified, boolean byteLogProbs, boolean beginnings) {
        Item item = document.item();
        int bytes = item.bytes().length;
        double logLikelihood = document.logLikelihood();
        return line(item, keyOf(item), json -> {
            json.writeNumberField("bytes", bytes);
            json.writeNumberField("log_likelihood", logLikelihood);
            if (certified) {
                json.writeNumberField("log_likelihood_upper", document.logLikelihoodUpper());
            }
            if (bytes == 0) {
                json.writeNullField("bits_per_byte");
            } else {
                json.writeNumberField("bits_per_byte", -logLikelihood / (bytes * Math.log(2)));
            }
            json.writeNumberField("evaluations", document.evaluations());
            json.writeNumberField("truncated_bytes", document.truncatedBytes());
            json.writeNumberField("windows", document.windows());
            if (byteLogProbs && bytes > 0) {
                json.writeFieldName("byte_logprobs");
                json.writeArray(document.byteLogProbs(), 0, bytes);
            }
            if (beginnings) {
                json.writeBinaryField(BEGINNING, Shortening.beginningOf(item.bytes(), MOST_BYTES_OF_BEGINNING));
            }
        });
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

    /** @param position {@link #keyOf}, or what begins with it */
    static String line(Item item, String position, Fields fields) {
        StringWriter text = new StringWriter();
        text.append(item.source().replace('\t', ' ').replace('\n', ' '))
                .append(SEPARATOR)
                .append(position)
                .append(SEPARATOR);
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

    /** Where the row begins, behind the key. */
    public static int rowStart(String line) {
        return line.indexOf(SEPARATOR, line.indexOf(SEPARATOR) + 1) + 1;
    }
}
