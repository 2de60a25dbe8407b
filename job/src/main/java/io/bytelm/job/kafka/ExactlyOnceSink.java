package io.bytelm.job.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.TaskInfo;
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
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.flink.connector.kafka.sink.internal.KafkaCommitter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes to a topic exactly once, with transactional ids of its own for every attempt, see {@link AttemptTransactions}, and
 * nothing that the topic does not take, see {@link FittingRecords}. State and committables are those of Flink's Kafka sink.
 *
 * @param <T> what is written
 */
public final class ExactlyOnceSink<T>
        implements Sink<T>,
                SupportsWriterState<T, KafkaWriterState>,
                SupportsCommitter<KafkaCommittable>,
                SupportsPostCommitTopology<KafkaCommittable> {
    private static final long serialVersionUID = 1;

    private final SinkName name;
    private final ToTopic<T> serializer;
    private final Properties producerProperties;

    /**
     * @param name what the transactional ids begin with; no other job on the broker may use it
     * @param producerProperties of the producers and of the client that aborts what was left open; what they say nothing
     *     about, a limit of the topic decides, see {@link WriteLimit#sized}
     */
    ExactlyOnceSink(SinkName name, ToTopic<T> serializer, Properties producerProperties) {
        this.name = name;
        this.serializer = serializer;
        this.producerProperties = producerProperties;
    }

    @Override
    public StatefulSinkWriter<T, KafkaWriterState> createWriter(WriterInitContext context) throws IOException {
        return restoreWriter(context, List.of());
    }

    /** @throws IOException if the broker does not answer, or its limits are too small to write anything */
    @Override
    public StatefulSinkWriter<T, KafkaWriterState> restoreWriter(
            WriterInitContext context, Collection<KafkaWriterState> states) throws IOException {
        TopicLimit topic = TopicLimit.ask(producerProperties, serializer.topic());
        Properties sized = WriteLimit.sized(producerProperties, topic);
        WriteLimit limit = WriteLimit.of(sized, topic);
        String complaint = limit.complaint();
        if (complaint != null) {
            throw new IOException(complaint);
        }
        AttemptTransactions attempt = AttemptTransactions.of(name, context);
        SubtaskOwnership ownership = SubtaskOwnership.of(context.getTaskInfo(), states);
        new LingeringTransactions(attempt, ownership, states).abort(broker());
        WriterMetrics metrics = new WriterMetrics(context.metricGroup());
        FittingRecords<T> records = new FittingRecords<>(serializer, limit, metrics);
        return new ExactlyOnceWriter<>(attempt, ownership, states, sized, records, metrics, context);
    }

    @Override
    public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
        TaskInfo task = context.getTaskInfo();
        Committer<KafkaCommittable> committer = new KafkaCommitter(
                producerProperties,
                AttemptTransactions.of(name, context).prefix(),
                task.getIndexOfThisSubtask(),
                task.getAttemptNumber(),
                true,
                FlinkKafkaInternalProducer::new);
        return new FencingCommitter(committer, broker());
    }

    @Override
    public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
        return flinkSink().getWriterStateSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
        return flinkSink().getCommittableSerializer();
    }

    /** Keeps writer and committer of a subtask in one slot. */
    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committed) {
        flinkSink().addPostCommitTopology(committed);
    }

    private TransactionClient broker() {
        return new TransactionClient(producerProperties);
    }

    /** Lends what is the same in ours; it never writes. */
    private KafkaSink<byte[]> flinkSink() {
        String topic = serializer.topic();
        return KafkaSink.<byte[]>builder()
                .setBootstrapServers(producerProperties.getProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG))
                .setRecordSerializer((value, context, timestamp) -> new ProducerRecord<>(topic, value))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(name.name())
                .build();
    }
}
