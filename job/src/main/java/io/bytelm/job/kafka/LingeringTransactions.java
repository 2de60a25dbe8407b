package io.bytelm.job.kafka;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.internal.CheckpointTransaction;
import org.apache.flink.connector.kafka.sink.internal.TransactionOwnership;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what earlier attempts left open: until then {@code read_committed} consumers wait, at most for the transactions'
 * time-out. What a checkpoint promised stays open for the committer.
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
     * Aborts them and fences their producers off. Blocks the task's thread, before the first record.
     *
     * @throws IOException if the broker does not do it
     */
    void abort(Properties clientProperties) throws IOException {
        try (Admin admin = Admin.create(clientProperties)) {
            List<String> open = admin
                    .listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                    .all()
                    .get()
                    .stream()
                    .map(TransactionListing::transactionalId)
                    .toList();
            List<String> lingering = among(open);
            if (!lingering.isEmpty()) {
                LOG.info("Aborting what earlier attempts left open: {}", lingering);
                admin.fenceProducers(lingering).all().get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while ending an earlier attempt's transactions");
        } catch (ExecutionException e) {
            throw new IOException(
                    "Kafka does not abort the transactions that an earlier attempt left open: "
                            + e.getCause()
                            + "; the job needs Describe and Write on the transactional ids that begin with '"
                            + attempt.sink() + "-'",
                    e.getCause());
        }
    }
}
