package io.bytelm.job.kafka;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.internal.CheckpointTransaction;
import org.apache.flink.connector.kafka.sink.internal.TransactionOwnership;

/**
 * Which subtasks' transactions a subtask looks after: after a rescale also those of subtasks that are gone.
 *
 * @param ownSubtasks ascending, at least one
 * @param allSubtasks the most that there ever were
 */
record SubtaskOwnership(List<Integer> ownSubtasks, int allSubtasks) {
    private static final TransactionOwnership RULE = TransactionOwnership.EXPLICIT_BY_WRITER_STATE;

    static SubtaskOwnership of(TaskInfo task, Collection<KafkaWriterState> states) {
        int subtask = task.getIndexOfThisSubtask();
        int parallelism = task.getNumberOfParallelSubtasks();
        List<Integer> own = Arrays.stream(RULE.getOwnedSubtaskIds(subtask, parallelism, states))
                .boxed()
                .toList();
        return new SubtaskOwnership(own, RULE.getTotalNumberOfOwnedSubtasks(subtask, parallelism, states));
    }

    boolean owns(int subtask) {
        return ownSubtasks.contains(subtask);
    }

    /** The one of them under which new transactions are begun. */
    int first() {
        return ownSubtasks.get(0);
    }

    /** What a checkpoint keeps: a state for each owned subtask, so that a later rescale can share them out. */
    List<KafkaWriterState> states(String attemptPrefix, Collection<CheckpointTransaction> promised) {
        List<KafkaWriterState> states = new ArrayList<>();
        for (int subtask : ownSubtasks) {
            Collection<CheckpointTransaction> ofSubtask = subtask == first() ? promised : List.of();
            states.add(new KafkaWriterState(attemptPrefix, subtask, allSubtasks, RULE, ofSubtask));
        }
        return states;
    }
}
