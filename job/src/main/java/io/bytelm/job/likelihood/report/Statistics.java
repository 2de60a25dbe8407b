package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Totals over the rows of one model. */
public final class Statistics {
    private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};

    private final Histogram histogram = new Histogram();
    private long documents;
    private long bytes;
    private double logLikelihood;
    private double logLikelihoodUpper;
    private boolean isCertified;
    private long evaluations;
    private long truncatedDocuments;
    private long truncatedBytes;
    private boolean restarts;
    private long skippedBytes;
    private long deadEnds;
    private boolean normalizes;
    private long normalizedBytes;

    /** Counts a row, or the part of it that is one model's. */
    void add(JsonNode row, long rowBytes) {
        documents++;
        bytes += rowBytes;
        logLikelihood += row.path("log_likelihood").doubleValue();
        isCertified |= row.has("log_likelihood_upper");
        logLikelihoodUpper += row.path("log_likelihood_upper").doubleValue();
        evaluations += row.path("evaluations").longValue();
        long truncated = row.path("truncated_bytes").longValue();
        truncatedDocuments += truncated > 0 ? 1 : 0;
        truncatedBytes += truncated;
        restarts |= row.has("skipped_bytes");
        skippedBytes += row.path("skipped_bytes").longValue();
        normalizes |= row.has("normalized_bytes");
        normalizedBytes += row.path("normalized_bytes").longValue();
        deadEnds += row.path("dead_ends").longValue();
        if (row.path("bits_per_byte").isNumber()) {
            histogram.add(row.path("bits_per_byte").doubleValue());
        }
    }

    public long documents() {
        return documents;
    }

    public long bytes() {
        return bytes;
    }

    /** The sum over all documents (nats). */
    public double logLikelihood() {
        return logLikelihood;
    }

    public long evaluations() {
        return evaluations;
    }

    /** Of all bytes together that were not left out; NaN without any. */
    public double bitsPerByte() {
        long counted = bytes - skippedBytes;
        return counted == 0 ? Double.NaN : -logLikelihood / (counted * Math.log(2));
    }

    /** Of bits per byte, by document. */
    public Histogram histogram() {
        return histogram;
    }

    /** For the summary; NaN is left out, which JSON does not have. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("documents", documents);
        json.put("bytes", bytes);
        json.put("log_likelihood", logLikelihood);
        if (isCertified) {
            json.put("log_likelihood_upper", logLikelihoodUpper);
        }
        json.put("evaluations", evaluations);
        json.put("truncated_documents", truncatedDocuments);
        json.put("truncated_bytes", truncatedBytes);
        if (normalizes) {
            json.put("normalized_bytes", normalizedBytes);
        }
        if (restarts) {
            json.put("skipped_bytes", skippedBytes);
            json.put("dead_ends", deadEnds);
        }
        if (bytes > skippedBytes) {
            json.put("bits_per_byte", bitsPerByte());
            Map<String, Object> quantiles = new LinkedHashMap<>();
            for (double share : QUANTILES) {
                quantiles.put(String.valueOf(share), histogram.quantile(share));
            }
            json.put("bits_per_byte_quantiles", quantiles);
        }
        return json;
    }
}
