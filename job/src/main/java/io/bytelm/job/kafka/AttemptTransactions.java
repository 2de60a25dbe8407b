package io.bytelm.job.kafka;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.InitContext;
import org.jspecify.annotations.Nullable;

/**
 * Names the transactions of one attempt to run a sink's subtask, so that no two attempts ever share a transactional id.
 *
 * <p>Kafka lets whoever asks last for a transactional id abort what others do under it. If attempts shared ids, a
 * TaskManager that was suspended (a frozen virtual machine, a long pause of its collector) and wakes up could abort what
 * its successor has already promised to a checkpoint. An id is
 * {@code SINK-JOB-CHECKPOINT-ATTEMPT-SLOT-SUBTASK-COUNTER}; the connector adds the last two.
 *
 * @param sink what the ids of the sink begin with, over all attempts
 * @param job 8 hexadecimal digits of the job's id
 * @param restoredCheckpoint the checkpoint that the attempt began with; 0 if it began with nothing
 * @param attempt 8 hexadecimal digits of the slot and the number of the attempt in it: after another JobManager took over,
 *     numbers begin again, but slots do not come back
 */
record AttemptTransactions(String sink, String job, long restoredCheckpoint, String attempt) {
    private static final Pattern REST =
            Pattern.compile("-([0-9a-f]{8})-([0-9]{1,18})-([0-9]+-[0-9a-f]{8})-([0-9]{1,9})-([0-9]{1,18})");

    /** The same for the writer and the committer of a subtask, which find each other by it. */
    static AttemptTransactions of(String sink, InitContext context) {
        TaskInfo task = context.getTaskInfo();
        return new AttemptTransactions(
                sink,
                digest(context.getJobInfo().getJobId().toHexString()),
                context.getRestoredCheckpointId().orElse(0),
                task.getAttemptNumber() + "-" + digest(task.getAllocationIDAsString()));
    }

    private static String digest(String id) {
        return String.format("%08x", id.hashCode());
    }

    /** What the transactional ids of this attempt begin with. */
    String prefix() {
        return sink + "-" + job + "-" + restoredCheckpoint + "-" + attempt;
    }

    /**
     * Whether an id belongs to an attempt that this one follows. One that began with a later checkpoint of the same job is
     * no predecessor but a successor: then this attempt is the one that overslept, and must not touch it.
     */
    boolean follows(String transactionalId) {
        Matcher rest = rest(transactionalId);
        if (rest == null || transactionalId.startsWith(prefix() + "-")) {
            return false;
        }
        boolean sameJob = requireNonNull(rest.group(1)).equals(job);
        return !sameJob || Long.parseLong(requireNonNull(rest.group(2))) <= restoredCheckpoint;
    }

    /** The subtask in an id of this sink, of whatever attempt. */
    int subtaskOf(String transactionalId) {
        Matcher rest = rest(transactionalId);
        if (rest == null) {
            throw new IllegalArgumentException("'" + transactionalId + "' is no transactional id of " + sink);
        }
        return Integer.parseInt(requireNonNull(rest.group(4)));
    }

    private @Nullable Matcher rest(String transactionalId) {
        if (!transactionalId.startsWith(sink)) {
            return null;
        }
        Matcher rest = REST.matcher(transactionalId).region(sink.length(), transactionalId.length());
        return rest.matches() ? rest : null;
    }
}
