package io.bytelm.job.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.internal.BackchannelFactory;
import org.apache.flink.connector.kafka.sink.internal.CheckpointTransaction;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.flink.connector.kafka.sink.internal.ProducerPoolImpl;
import org.apache.flink.connector.kafka.sink.internal.ReadableBackchannel;
import org.apache.flink.connector.kafka.sink.internal.TransactionFinished;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a topic in transactions, one for each checkpoint, with the producers of Flink's Kafka connector and for its
 * committer. Its own writer opens a client that it never closes, needs the right to read what it writes, and fails once more
 * when a failed task closes it, for which Flink ends the TaskManager.
 *
 * <p>Ids are handed out again once their transaction is done, so that the broker knows a few for each attempt. For the task's
 * thread.
 *
 * @param <T> what is written
 */
final class ExactlyOnceWriter<T>
        implements StatefulSinkWriter<T, KafkaWriterState>, CommittingSinkWriter<T, KafkaCommittable> {
    private final String prefix;
    private final SubtaskOwnership ownership;
    private final FittingRecords<T> records;
    private final WriterMetrics metrics;
    private final MailboxExecutor mailbox;
    private final ProducerPoolImpl producers;
    private final ReadableBackchannel<TransactionFinished> finished;
    private FlinkKafkaInternalProducer<byte[], byte[]> producer;
    private volatile @Nullable Exception failure;
    private volatile boolean closed;

    /**
     * @param attempt names the transactions
     * @param producerProperties complete
     * @param states what the checkpoint holds that the attempt begins with
     * @throws RuntimeException if the broker does not let it begin a transaction; nothing is left open then
     */
    @SuppressWarnings("NullAway.Init") // a first producer, or an exception
    ExactlyOnceWriter(
            AttemptTransactions attempt,
            SubtaskOwnership ownership,
            Collection<KafkaWriterState> states,
            Properties producerProperties,
            FittingRecords<T> records,
            WriterMetrics metrics,
            WriterInitContext context) {
        this.prefix = attempt.prefix();
        this.ownership = ownership;
        this.records = records;
        this.metrics = metrics;
        this.mailbox = context.getMailboxExecutor();
        this.producers = new ProducerPoolImpl(
                producerProperties,
                metrics::follow,
                states.stream()
                        .flatMap(state -> state.getPrecommittedTransactionalIds().stream())
                        .toList());
        this.finished = BackchannelFactory.getInstance()
                .getReadableBackchannel(
                        context.getTaskInfo().getIndexOfThisSubtask(),
                        context.getTaskInfo().getAttemptNumber(),
                        prefix);
        try {
            begin(attempt.restoredCheckpoint() + 1);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void write(T value, Context context) throws IOException {
        throwFailure();
        ProducerRecord<byte[], byte[]> record = records.recordOf(value);
        producer.send(record, this::sent);
        metrics.sent(WriteLimit.sizeOf(record));
    }

    /** Kafka's own thread calls it. A failure reaches the task also if no record comes any more. */
    private void sent(RecordMetadata where, @Nullable Exception refusal) {
        if (refusal == null || closed || failure != null) {
            return;
        }
        failure = refusal;
        mailbox.execute(this::throwFailure, "Kafka refused a record");
    }

    private void throwFailure() throws IOException {
        Exception refusal = failure;
        if (refusal != null && !closed) {
            metrics.failed();
            throw new IOException("Kafka did not take a record for topic " + records.topic() + ": " + refusal, refusal);
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException {
        producer.flush();
        throwFailure();
    }

    /** The transaction, if there is anything in it. */
    @Override
    public Collection<KafkaCommittable> prepareCommit() {
        if (producer.hasRecordsInTransaction()) {
            KafkaCommittable committable = KafkaCommittable.of(producer);
            producer.precommitTransaction();
            return List.of(committable);
        }
        producers.recycle(producer);
        return List.of();
    }

    @Override
    public List<KafkaWriterState> snapshotState(long checkpointId) {
        for (TransactionFinished done = finished.poll(); done != null; done = finished.poll()) {
            producers.recycleByTransactionId(done.getTransactionId(), done.isSuccess());
        }
        List<KafkaWriterState> states = ownership.states(prefix, producers.getOngoingTransactions());
        begin(checkpointId + 1);
        return states;
    }

    private void begin(long checkpointId) {
        Set<String> taken = producers.getOngoingTransactions().stream()
                .map(CheckpointTransaction::getTransactionalId)
                .collect(Collectors.toSet());
        long counter = 0;
        while (taken.contains(TransactionalId.of(prefix, ownership.first(), counter))) {
            counter++;
        }
        String id = TransactionalId.of(prefix, ownership.first(), counter);
        producer = producers.getTransactionalProducer(id, checkpointId);
        producer.beginTransaction();
    }

    /** Never throws: an exception here, after a task has failed, would end the whole TaskManager. */
    @Override
    public void close() {
        closed = true;
        QuietClosing.run("abort the open transaction", this::abortOpen);
        QuietClosing.run("close the producers", producers::close);
        QuietClosing.run("leave the committer", finished::close);
    }

    /** What is pre-committed stays: a checkpoint may have promised it. Best effort; the next attempt ends what is left. */
    private void abortOpen() {
        if (producer != null && producer.hasRecordsInTransaction()) {
            producer.abortTransaction();
        }
    }
}
