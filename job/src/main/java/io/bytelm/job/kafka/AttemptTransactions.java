package io.bytelm.job.kafka;

import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.InitContext;

/**
 * Names the transactions of one attempt to run a sink's subtask, so that no two attempts ever share a transactional id.
 *
 * <p>Kafka lets whoever asks last for a transactional id abort what others do under it. If attempts shared ids, a
 * TaskManager that was suspended (a frozen virtual machine, a long pause of its collector) and wakes up could abort what
 * its successor has already promised to a checkpoint. For the parts see {@link TransactionalId}.
 *
 * @param sink what the ids of the sink begin with, over all attempts
 * @param job 8 hexadecimal digits of the job's id
 * @param restoredCheckpoint the checkpoint that the attempt began with; 0 if it began with nothing
 * @param attempt 8 hexadecimal digits of the slot and the number of the attempt in it: after another JobManager took over,
 *     numbers begin again, but slots do not come back
 */
record AttemptTransactions(SinkName sink, String job, long restoredCheckpoint, String attempt) {
    /** The same for the writer and the committer of a subtask, which find each other by it. */
    static AttemptTransactions of(SinkName sink, InitContext context) {
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
        return TransactionalId.prefix(sink.name(), job, restoredCheckpoint, attempt);
    }

    /**
     * Whether an id belongs to an attempt that this one follows. One that began with a later checkpoint of the same job is
     * no predecessor but a successor: then this attempt is the one that overslept, and must not touch it.
     */
    boolean follows(TransactionalId id) {
        return id.sink().equals(sink.name()) && comesAfter(id);
    }

    /**
     * The same of an id with the sink's earlier name, which another job may bear as well: then only the job says whose it
     * is.
     *
     * @param writer the job that wrote the state which this attempt goes on from
     */
    boolean followsEarlierVersion(TransactionalId id, String writer) {
        return id.sink().equals(sink.earlierName()) && id.job().equals(writer) && comesAfter(id);
    }

    private boolean comesAfter(TransactionalId id) {
        boolean itself = id.job().equals(job)
                && id.restoredCheckpoint() == restoredCheckpoint
                && id.attempt().equals(attempt);
        boolean sameJob = id.job().equals(job);
        return !itself && (!sameJob || id.restoredCheckpoint() <= restoredCheckpoint);
    }
}
