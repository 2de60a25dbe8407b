package io.bytelm.job.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.job.cli.ReadSoFar.Way;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** A text as it was read and what comes next, as one line of JSON; minus infinity, which JSON lacks, is null. */
final class NextJson {
    private static final JsonFactory JSON = new JsonFactory();

    private NextJson() {}

    /** @param truncated whether the model has read a shortened context for it; said only if so */
    static String of(ReadSoFar read, NextByteDistribution next, boolean truncated) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeFieldName("log_z");
            writeLog(json, read.logLower());
            if (read.isCertified()) {
                json.writeFieldName("log_z_upper");
                writeLog(json, read.logProb().logUpper());
            }
            writeLogProbs(json, next);
            json.writeArrayFieldStart("candidates");
            for (Way way : read.ways()) {
                write(json, way);
            }
            json.writeEndArray();
            if (truncated) {
                json.writeBooleanField("truncated", true);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Way way) throws IOException {
        json.writeStartObject();
        int[] tokens = way.tokens().context().tokens();
        json.writeFieldName("tokens");
        json.writeArray(tokens, 0, tokens.length);
        json.writeStringField("partial", HexFormat.of().formatHex(way.tokens().open()));
        json.writeFieldName("weight");
        writeLog(json, way.logWeight());
        if (way.isDeferred()) {
            json.writeBooleanField("deferred", true);
        }
        json.writeEndObject();
    }

    /** The field of a distribution. */
    static void writeLogProbs(JsonGenerator json, NextByteDistribution next) throws IOException {
        json.writeArrayFieldStart("log_probs");
        for (double logProb : next.logProbs()) {
            writeLog(json, logProb);
        }
        json.writeEndArray();
    }

    static void writeLog(JsonGenerator json, double value) throws IOException {
        if (value == Double.NEGATIVE_INFINITY) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }
}
