package io.bytelm.job.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the scores topic has said so far: the last score of each session. */
final class SessionScores {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> last = new TreeMap<>();

    /** @param value a score as the job writes it, JSON */
    void add(byte[] value) {
        try {
            JsonNode score = JSON.readTree(value);
            last.put(score.get("session").asText(), score);
        } catch (IOException e) {
            throw new UncheckedIOException("the job has written something that is not JSON", e);
        }
    }

    long bytes() {
        return last.values().stream()
                .mapToLong(score -> score.get("bytes").asLong())
                .sum();
    }

    long ended() {
        return last.values().stream()
                .filter(score -> score.get("event").asText().equals("end"))
                .count();
    }

    double bitsPerByte() {
        double nats = last.values().stream()
                .mapToDouble(score -> -score.get("log_likelihood").asDouble())
                .sum();
        return nats / Math.log(2) / Math.max(1, bytes());
    }

    Optional<JsonNode> of(String session) {
        return Optional.ofNullable(last.get(session));
    }
}
