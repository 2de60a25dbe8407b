package io.bytelm.job.kafka;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.connector.kafka.sink.internal.TransactionalIdFactory;
import org.jspecify.annotations.Nullable;

/**
 * The parts of {@code SINK-JOB-CHECKPOINT-ATTEMPT-SLOT-SUBTASK-COUNTER}. All but the first have a fixed form, so an id is
 * read in one way only.
 *
 * @param sink see {@link SinkName}
 * @param job 8 hexadecimal digits of the job's id
 * @param restoredCheckpoint the checkpoint that the attempt began with; 0 if it began with nothing
 * @param attempt number of the attempt, and 8 hexadecimal digits of its slot
 * @param counter tells apart what a subtask has open at the same time; handed out again
 */
record TransactionalId(String sink, String job, long restoredCheckpoint, String attempt, int subtask, long counter) {
    private static final String OF_AN_ATTEMPT = "(.*)-([0-9a-f]{8})-([0-9]{1,18})-([0-9]+-[0-9a-f]{8})";
    private static final Pattern PREFIX = Pattern.compile(OF_AN_ATTEMPT, Pattern.DOTALL);
    private static final Pattern WHOLE = Pattern.compile(OF_AN_ATTEMPT + "-([0-9]{1,9})-([0-9]{1,18})", Pattern.DOTALL);

    /** Null if the id is none of ours. */
    static @Nullable TransactionalId read(String id) {
        Matcher parts = WHOLE.matcher(id);
        if (!parts.matches()) {
            return null;
        }
        return new TransactionalId(
                part(parts, 1),
                part(parts, 2),
                Long.parseLong(part(parts, 3)),
                part(parts, 4),
                Integer.parseInt(part(parts, 5)),
                Long.parseLong(part(parts, 6)));
    }

    /** The job in what the ids of an attempt begin with; null if that is not one of this sink's. */
    static @Nullable String jobOf(String attemptPrefix, String sink) {
        Matcher parts = PREFIX.matcher(attemptPrefix);
        return parts.matches() && part(parts, 1).equals(sink) ? part(parts, 2) : null;
    }

    private static String part(Matcher parts, int group) {
        return requireNonNull(parts.group(group));
    }

    /** What the ids of one attempt begin with. */
    static String prefix(String sink, String job, long restoredCheckpoint, String attempt) {
        return sink + "-" + job + "-" + restoredCheckpoint + "-" + attempt;
    }

    /** One id of an attempt. */
    static String of(String prefix, int subtask, long counter) {
        return TransactionalIdFactory.buildTransactionalId(prefix, subtask, counter);
    }
}
