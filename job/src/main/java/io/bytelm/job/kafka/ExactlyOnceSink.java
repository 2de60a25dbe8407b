package io.bytelm.job.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Flink's Kafka sink with transactional ids of its own for every attempt, see {@link AttemptTransactions}. State and
 * committables are the Kafka sink's.
 *
 * @param <T> what is written
 */
public final class ExactlyOnceSink<T>
        implements Sink<T>,
                SupportsWriterState<T, KafkaWriterState>,
                SupportsCommitter<KafkaCommittable>,
                SupportsPostCommitTopology<KafkaCommittable> {
    private static final long serialVersionUID = 1;

    private final String name;
    private final ToTopic<T> serializer;
    private final Properties producerProperties;

    /**
     * @param name what the transactional ids begin with; no other job on the broker may use it
     * @param producerProperties of the producers and of the client that aborts what was left open
     */
    ExactlyOnceSink(String name, ToTopic<T> serializer, Properties producerProperties) {
        this.name = name;
        this.serializer = serializer;
        this.producerProperties = producerProperties;
    }

    @Override
    public StatefulSinkWriter<T, KafkaWriterState> createWriter(WriterInitContext context) throws IOException {
        return restoreWriter(context, List.of());
    }

    @Override
    public StatefulSinkWriter<T, KafkaWriterState> restoreWriter(
            WriterInitContext context, Collection<KafkaWriterState> states) throws IOException {
        AttemptTransactions attempt = AttemptTransactions.of(name, context);
        new LingeringTransactions(attempt, context.getTaskInfo(), states).abort(broker());
        return kafkaSink(attempt.prefix()).restoreWriter(context, states);
    }

    @Override
    public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
        Committer<KafkaCommittable> committer =
                kafkaSink(AttemptTransactions.of(name, context).prefix()).createCommitter(context);
        return new FencingCommitter(committer, broker());
    }

    @Override
    public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
        return kafkaSink(name).getWriterStateSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
        return kafkaSink(name).getCommittableSerializer();
    }

    /** Keeps writer and committer of a subtask in one slot. */
    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committed) {
        kafkaSink(name).addPostCommitTopology(committed);
    }

    private TransactionClient broker() {
        return new TransactionClient(producerProperties);
    }

    private KafkaSink<T> kafkaSink(String transactionalIdPrefix) {
        return KafkaSink.<T>builder()
                .setBootstrapServers(producerProperties.getProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG))
                .setKafkaProducerConfig(producerProperties)
                .setRecordSerializer(serializer)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(transactionalIdPrefix)
                // hands ids out again within the attempt, instead of a new one for every checkpoint
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                .build();
    }
}
