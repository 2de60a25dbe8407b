package io.bytelm.job.kafka;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;

/** Lists and aborts transactions of other producers. Every method blocks, and connects anew: it is seldom needed. */
record TransactionClient(Properties clientProperties) {
    /** The transactional ids under which something is open, of all that this client may see. */
    List<String> open() throws IOException {
        ListTransactionsOptions ongoing = new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING));
        try (Admin admin = Admin.create(clientProperties)) {
            return answer(admin.listTransactions(ongoing).all()).stream()
                    .map(TransactionListing::transactionalId)
                    .toList();
        }
    }

    /** Aborts what is open under these ids and fences their producers off. */
    void abort(Collection<String> transactionalIds) throws IOException {
        try (Admin admin = Admin.create(clientProperties)) {
            answer(admin.fenceProducers(transactionalIds).all());
        }
    }

    private static <V> V answer(KafkaFuture<V> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while ending an earlier attempt's transactions");
        } catch (ExecutionException e) {
            throw new IOException(
                    "Kafka does not end the transactions that an earlier attempt left open: " + e.getCause()
                            + "; the job needs the rights Describe and Write on its transactional ids",
                    e.getCause());
        }
    }
}
