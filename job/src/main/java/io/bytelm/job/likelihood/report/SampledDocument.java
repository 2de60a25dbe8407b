package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.job.likelihood.scoring.RowLine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A document that the page shows. Its arrays are not to be changed.
 *
 * @param key that of its row's line
 * @param bytes how many it has
 * @param bits per byte
 * @param beginning its first bytes
 * @param byteBits {@code [beginning.length]} the surprisal of each of these, in bits, NaN of one that was left out; empty where rows
 *     do not say it
 * @param compared the same by the compared model; null if there is none
 */
record SampledDocument(
        String key,
        String id,
        long bytes,
        double bits,
        byte[] beginning,
        double[] byteBits,
        @Nullable Compared compared) {
    private static final double BITS_PER_NAT = 1 / Math.log(2);

    /**
     * What the compared model says.
     *
     * @param byteBits as in {@link SampledDocument#byteBits()}
     */
    record Compared(double bits, double[] byteBits) {}

    static SampledDocument of(String key, ObjectNode row, @Nullable ObjectNode other) throws IOException {
        byte[] beginning = row.path(RowLine.BEGINNING).binaryValue();
        byte[] known = beginning == null ? new byte[0] : beginning;
        return new SampledDocument(
                key,
                row.path("id").asText(),
                row.path("bytes").longValue(),
                row.path("bits_per_byte").doubleValue(),
                known,
                byteBits(row, known.length),
                other == null
                        ? null
                        : new Compared(other.path("bits_per_byte").doubleValue(), byteBits(other, known.length)));
    }

    private static double[] byteBits(JsonNode row, int count) {
        JsonNode logProbs = row.path("byte_logprobs");
        if (logProbs.size() < count) {
            return new double[0];
        }
        double[] bits = new double[count];
        for (int at = 0; at < count; at++) {
            JsonNode logProb = logProbs.get(at);
            bits[at] = logProb.isNull() ? Double.NaN : Math.max(0, -logProb.doubleValue() * BITS_PER_NAT);
        }
        return bits;
    }

    /** By how many bits per byte the compared model finds it more surprising; 0 if there is none. */
    double difference() {
        return compared == null ? 0 : compared.bits() - bits;
    }
}
