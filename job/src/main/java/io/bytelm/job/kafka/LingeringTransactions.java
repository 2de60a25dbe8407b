package io.bytelm.job.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.internal.CheckpointTransaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what earlier attempts left open: until then {@code read_committed} consumers wait, at most for the transactions'
 * time-out. What a checkpoint promised is left to the committer, see {@link FencingCommitter}.
 *
 * <p>Of transactions that an earlier version of this program left open under its {@linkplain SinkName ambiguous names}, those
 * of the job are ended that wrote the state. Without state nothing says whose they are, and the broker ends them in time.
 */
final class LingeringTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(LingeringTransactions.class);

    private final AttemptTransactions attempt;
    private final SubtaskOwnership ownership;
    private final Set<String> promised = new HashSet<>();
    private final Set<String> writersOfEarlierVersion = new HashSet<>();
    private int subtasksOfEarlierVersion;

    /**
     * @param ownership of the earlier attempts' transactions it ends those of the subtasks whose state it has taken over, so
     *     that no two do it
     */
    LingeringTransactions(
            AttemptTransactions attempt, SubtaskOwnership ownership, Collection<KafkaWriterState> states) {
        this.attempt = attempt;
        this.ownership = ownership;
        for (KafkaWriterState state : states) {
            state.getPrecommittedTransactionalIds().stream()
                    .map(CheckpointTransaction::getTransactionalId)
                    .forEach(promised::add);
            String writer = TransactionalId.jobOf(
                    state.getTransactionalIdPrefix(), attempt.sink().earlierName());
            if (writer != null) {
                writersOfEarlierVersion.add(writer);
                subtasksOfEarlierVersion = state.getTotalNumberOfOwnedSubtasks();
            }
        }
    }

    /** Which of a broker's open transactions to end. */
    List<String> among(Collection<String> open) {
        List<String> lingering = new ArrayList<>();
        for (String name : open) {
            TransactionalId id = TransactionalId.read(name);
            if (id != null && !promised.contains(name) && isOurs(id)) {
                lingering.add(name);
            }
        }
        return lingering;
    }

    private boolean isOurs(TransactionalId id) {
        if (attempt.follows(id)) {
            return ownership.owns(id.subtask() % ownership.allSubtasks());
        }
        // only subtasks with state know of an earlier version, so that the state's number of them is shared out
        return writersOfEarlierVersion.stream().anyMatch(writer -> attempt.followsEarlierVersion(id, writer))
                && ownership.owns(id.subtask() % subtasksOfEarlierVersion);
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
