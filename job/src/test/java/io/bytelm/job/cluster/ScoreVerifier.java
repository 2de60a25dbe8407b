package io.bytelm.job.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Compares every committed score with the one that an undisturbed run gives: none missing, none twice, in order within
 * its session, values within 1e-4 nats. Read by one thread.
 */
final class ScoreVerifier implements AutoCloseable {
    private static final double TOLERANCE_NATS = 1e-4;
    private static final int DIFFERENCES_DESCRIBED = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TopicReader reader;
    private final IntFunction<ChaosSession> sessions;
    private final PlainRun plain;
    private final Map<String, List<JsonNode>> awaited = new HashMap<>();
    private final Set<String> complete = new HashSet<>();
    private final List<String> described = new ArrayList<>();
    private volatile long records;
    private long differences;

    /** @param sessions by number */
    ScoreVerifier(TopicReader reader, IntFunction<ChaosSession> sessions, PlainRun plain) {
        this.reader = reader;
        this.sessions = sessions;
        this.plain = plain;
    }

    /** How many scores were read. Any thread. */
    long records() {
        return records;
    }

    long differences() {
        return differences;
    }

    /** The first few differences in words. */
    List<String> described() {
        return List.copyOf(described);
    }

    /** Reads and compares what was committed since the last call. */
    int readOn(Duration patience) throws IOException {
        List<TopicRecord> read = reader.poll(patience);
        int compared = 0;
        for (TopicRecord record : read) {
            if (!HostileTraffic.speaksFor(record.key())) {
                compare(new String(record.key(), UTF_8), JSON.readTree(record.value()));
                compared++;
            }
        }
        records += compared;
        return compared;
    }

    private void compare(String name, JsonNode actual) throws IOException {
        if (complete.contains(name)) {
            differ(name + " was complete, and yet: " + actual);
            return;
        }
        List<JsonNode> left = awaited.computeIfAbsent(name, this::expected);
        JsonNode expected = left.remove(0);
        if (!isSame(actual, expected)) {
            differ(name + " has " + actual + " instead of " + expected);
        }
        if (left.isEmpty()) {
            awaited.remove(name);
            complete.add(name);
        }
    }

    private List<JsonNode> expected(String name) {
        try {
            return new ArrayList<>(plain.scores(sessions.apply(ChaosSession.numberOf(name))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts what sessions {@code 0 .. count - 1} have not got; to be called when nothing more can come. */
    void requireComplete(int count) {
        for (int number = 0; number < count; number++) {
            String name = sessions.apply(number).name();
            if (!complete.contains(name)) {
                List<JsonNode> missing = awaited.computeIfAbsent(name, this::expected);
                differ(name + " misses " + missing.size() + " scores, first " + missing.get(0));
            }
        }
    }

    private void differ(String what) {
        differences++;
        if (described.size() < DIFFERENCES_DESCRIBED) {
            described.add(what);
        }
    }

    private static boolean isSame(JsonNode actual, JsonNode expected) {
        for (String exact : List.of("session", "event", "bytes", "chunk_bytes")) {
            if (!actual.path(exact).equals(expected.path(exact))) {
                return false;
            }
        }
        for (String close : List.of("chunk_log_likelihood", "log_likelihood")) {
            if (!isClose(actual.path(close), expected.path(close))) {
                return false;
            }
        }
        JsonNode next = expected.path("next");
        boolean same = actual.path("next").size() == next.size();
        for (int i = 0; same && i < next.size(); i++) {
            same = isClose(
                    actual.path("next").get(i).path("logprob"), next.get(i).path("logprob"));
        }
        return same;
    }

    private static boolean isClose(JsonNode actual, JsonNode expected) {
        return actual.isNumber() && Math.abs(actual.asDouble() - expected.asDouble()) <= TOLERANCE_NATS;
    }

    @Override
    public void close() {
        reader.close();
        plain.close();
    }
}
