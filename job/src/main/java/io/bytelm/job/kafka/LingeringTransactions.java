package io.bytelm.job.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.internal.CheckpointTransaction;
import org.apache.flink.connector.kafka.sink.internal.TransactionOwnership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what earlier attempts left open: until then {@code read_committed} consumers wait, at most for the transactions'
 * time-out. What a checkpoint promised is left to the committer, see {@link FencingCommitter}.
 */
final class LingeringTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(LingeringTransactions.class);
    private static final TransactionOwnership OWNERSHIP = TransactionOwnership.EXPLICIT_BY_WRITER_STATE;

    private final AttemptTransactions attempt;
    private final Set<Integer> ownedSubtasks = new HashSet<>();
    private final int allSubtasks;
    private final Set<String> promised = new HashSet<>();

    /**
     * @param task the subtask that begins; of the earlier ones' transactions it ends those of the subtasks whose state it
     *     has taken over, so that no two do it
     */
    LingeringTransactions(AttemptTransactions attempt, TaskInfo task, Collection<KafkaWriterState> states) {
        this.attempt = attempt;
        int subtask = task.getIndexOfThisSubtask();
        int parallelism = task.getNumberOfParallelSubtasks();
        Arrays.stream(OWNERSHIP.getOwnedSubtaskIds(subtask, parallelism, states))
                .forEach(ownedSubtasks::add);
        this.allSubtasks = OWNERSHIP.getTotalNumberOfOwnedSubtasks(subtask, parallelism, states);
        for (KafkaWriterState state : states) {
            state.getPrecommittedTransactionalIds().stream()
                    .map(CheckpointTransaction::getTransactionalId)
                    .forEach(promised::add);
        }
    }

    /** Which of a broker's open transactions to end. */
    List<String> among(Collection<String> open) {
        List<String> lingering = new ArrayList<>();
        for (String id : open) {
            if (attempt.follows(id)
                    && ownedSubtasks.contains(attempt.subtaskOf(id) % allSubtasks)
                    && !promised.contains(id)) {
                lingering.add(id);
            }
        }
        return lingering;
    }

    /**
     * Aborts them. Blocks the task's thread, before the first record.
     *
     * @throws IOException if the broker does not do it
     */
    void abort(TransactionClient broker) throws IOException {
        List<String> lingering = among(broker.open());
        if (!lingering.isEmpty()) {
            LOG.info("Aborting what earlier attempts left open: {}", lingering);
            broker.abort(lingering);
        }
    }
}
