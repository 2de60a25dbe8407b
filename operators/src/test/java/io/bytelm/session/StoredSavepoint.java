package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.InputRecord;
import io.bytelm.record.SourcePosition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint in the test resources, and what its sessions went through around it.
 *
 * @param name the file
 * @param before records that had had all of their effect
 * @param begun records of which some pieces were committed, and not the last one
 * @param inFlight records of which nothing was done yet
 * @param after records after the savepoint
 * @param settled sessions of whose contexts a part has settled
 * @param told how many outputs each session had made before the savepoint; none where it is not named
 * @param samePruning whether the build that wrote it pruned its beams as this one does
 */
record StoredSavepoint(
        String name,
        List<InputRecord> before,
        List<InputRecord> begun,
        List<InputRecord> inFlight,
        List<InputRecord> after,
        Set<String> settled,
        Map<String, Integer> told,
        boolean samePruning) {
    static final String TEXT = "the end. Grüße, 日本語! hello world, the end! ";

    /** Records of one input, each at the offset after the one before. */
    static final class Input {
        private long offset;

        InputRecord record(String session, @Nullable String op, @Nullable String sequence, String text) {
            SourcePosition source = new SourcePosition("in", 0, offset++, 0);
            return new InputRecord(session.getBytes(UTF_8), op, sequence, text.getBytes(UTF_8), source);
        }
    }

    String path() {
        return "src/test/resources/savepoints/" + name;
    }

    /** The sessions in the middle of a record. */
    Set<String> sessionsBegun() {
        return sessions(begun.stream());
    }

    Set<String> sessionsInFlight() {
        return sessions(Stream.concat(begun.stream(), inFlight.stream()));
    }

    /** The sessions that have a state, or a number. */
    Set<String> sessionsKnown() {
        return sessions(Stream.concat(before.stream(), begun.stream()));
    }

    private static Set<String> sessions(Stream<InputRecord> records) {
        return records.map(record -> new SessionKey().getKey(record)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public String toString() {
        return name;
    }
}
