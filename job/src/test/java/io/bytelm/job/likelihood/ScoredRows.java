package io.bytelm.job.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The rows of a run's {@code scores.jsonl} by their ids without directories, of which none comes twice. */
public final class ScoredRows {
    /** What else is in a batch changes a sum of floats in its last digits. */
    private static final double NATS_PER_BYTE = 1e-3;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> rows = new LinkedHashMap<>();

    private ScoredRows() {}

    /** @param out the directory of a complete run */
    public static ScoredRows of(Path out) throws IOException {
        ScoredRows read = new ScoredRows();
        for (String line : Files.readAllLines(out.resolve("scores.jsonl"))) {
            JsonNode row = JSON.readTree(line);
            String id = row.path("id").asText();
            JsonNode twice = read.rows.put(id.substring(id.lastIndexOf('/') + 1), row);
            assertThat(twice).as("another row with the id of %s", line).isNull();
        }
        return read;
    }

    public int count() {
        return rows.size();
    }

    /**
     * Fails unless the other run has rows for the same documents with the same bytes and the same values.
     *
     * @return the largest difference of a log-likelihood (nats per byte)
     */
    public double requireSameAs(ScoredRows other) {
        assertThat(rows.keySet()).isEqualTo(other.rows.keySet());
        double largest = 0;
        for (Map.Entry<String, JsonNode> entry : rows.entrySet()) {
            JsonNode row = entry.getValue();
            JsonNode same = Objects.requireNonNull(other.rows.get(entry.getKey()));
            assertThat(row.path("bytes")).as("bytes of %s", entry.getKey()).isEqualTo(same.path("bytes"));
            assertThat(perByte(row)).as("%s, and %s", row, same).isCloseTo(perByte(same), within(NATS_PER_BYTE));
            largest = Math.max(largest, Math.abs(perByte(row) - perByte(same)));
        }
        return largest;
    }

    /** How many rows differ by more nats per byte from those of the other run. */
    public long beyond(double natsPerByte, ScoredRows other) {
        return rows.entrySet().stream()
                .filter(entry -> Math.abs(perByte(entry.getValue())
                                - perByte(Objects.requireNonNull(other.rows.get(entry.getKey()))))
                        > natsPerByte)
                .count();
    }

    private static double perByte(JsonNode row) {
        return logLikelihood(row) / Math.max(1, row.path("bytes").intValue());
    }

    private static double logLikelihood(JsonNode row) {
        assertThat(row.path("log_likelihood").isNumber()).as("%s", row).isTrue();
        return row.path("log_likelihood").doubleValue();
    }
}
