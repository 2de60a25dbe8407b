package io.bytelm.job.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Commits what checkpoints promised, and ends what was begun anew under a promised id.
 *
 * <p>An attempt hands an id out again once it has committed its transaction. If it is lost then, and its successor begins
 * with the checkpoint before, the broker refuses to commit that transaction a second time, and the one that was open
 * under the same id would keep readers waiting: no successor uses the id again.
 */
final class FencingCommitter implements Committer<KafkaCommittable> {
    private final Committer<KafkaCommittable> committer;
    private final TransactionClient broker;

    FencingCommitter(Committer<KafkaCommittable> committer, TransactionClient broker) {
        this.committer = committer;
        this.broker = broker;
    }

    @Override
    public void commit(Collection<CommitRequest<KafkaCommittable>> requests) throws IOException, InterruptedException {
        List<String> begunAnew = new ArrayList<>();
        List<CommitRequest<KafkaCommittable>> observed = new ArrayList<>();
        for (CommitRequest<KafkaCommittable> request : requests) {
            observed.add(new Observed(request, begunAnew));
        }
        committer.commit(observed);
        if (!begunAnew.isEmpty()) {
            broker.abort(begunAnew);
        }
    }

    @Override
    public void close() {
        QuietClosing.run("close the committer", committer::close);
    }

    /** Passes everything on, and notes ids under which the broker knows a later transaction than the promised one. */
    private record Observed(CommitRequest<KafkaCommittable> request, List<String> begunAnew)
            implements CommitRequest<KafkaCommittable> {
        @Override
        public KafkaCommittable getCommittable() {
            return request.getCommittable();
        }

        @Override
        public int getNumberOfRetries() {
            return request.getNumberOfRetries();
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            if (reason instanceof ProducerFencedException) {
                begunAnew.add(getCommittable().getTransactionalId());
            }
            request.signalFailedWithKnownReason(reason);
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            request.signalFailedWithUnknownReason(reason);
        }

        @Override
        public void retryLater() {
            request.retryLater();
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable committable) {
            request.updateAndRetryLater(committable);
        }

        @Override
        public void signalAlreadyCommitted() {
            request.signalAlreadyCommitted();
        }
    }
}
