package io.bytelm.job.kafka;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which broker and which topics.
 *
 * @param bootstrap {@code host:port}, comma-separated
 * @param in the topic with bytes, keyed by session
 * @param out the topic for scores
 * @param deadLetters the topic for records that could not be processed; null to count them only
 * @param group the consumer group; also the beginning of every transactional id
 * @param start where to read from if the job does not resume from a checkpoint
 * @param bounded whether to stop at what is the topic's end when the job starts
 * @param skipDeleted whether to go on at the oldest record where records were deleted before they were read; else the job
 *     ends
 * @param transactionTimeoutMillis how long a transaction may stay open: longer than the longest pause between two
 *     checkpoints (restarts included), and not longer than the broker's {@code transaction.max.timeout.ms}
 * @param clientProperties settings of all Kafka clients, for instance security; they win over our own
 * @param alerts the topic for alerts; null for none
 */
public record KafkaSettings(
        String bootstrap,
        String in,
        String out,
        @Nullable String deadLetters,
        String group,
        Start start,
        boolean bounded,
        boolean skipDeleted,
        long transactionTimeoutMillis,
        Map<String, String> clientProperties,
        @Nullable String alerts)
        implements Serializable {
    /** Where the source begins. */
    public enum Start {
        /** Where the group stopped; the oldest record if it is new. */
        COMMITTED,
        /** Behind the last record that a committed score or dead letter answers; where there is none, as committed. */
        ANSWERED,
        /** The oldest record. */
        EARLIEST,
        /** Only what comes from now on. */
        LATEST
    }

    public KafkaSettings {
        clientProperties = ClientSettings.understoodHere(clientProperties);
    }

    /** Without alerts. */
    public KafkaSettings(
            String bootstrap,
            String in,
            String out,
            @Nullable String deadLetters,
            String group,
            Start start,
            boolean bounded,
            boolean skipDeleted,
            long transactionTimeoutMillis,
            Map<String, String> clientProperties) {
        this(
                bootstrap,
                in,
                out,
                deadLetters,
                group,
                start,
                bounded,
                skipDeleted,
                transactionTimeoutMillis,
                clientProperties,
                null);
    }

    /** All topics that must exist. */
    public List<String> topics() {
        List<String> topics = new ArrayList<>(List.of(in));
        topics.addAll(writtenTopics());
        if (alerts != null) {
            topics.add(alerts);
        }
        return topics;
    }

    /** The topic for scores, and the one for dead letters if there is one: a record is answered once it is in one of them. */
    List<String> writtenTopics() {
        return deadLetters == null ? List.of(out) : List.of(out, deadLetters);
    }
}
