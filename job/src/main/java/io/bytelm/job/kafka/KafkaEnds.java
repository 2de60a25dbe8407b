package io.bytelm.job.kafka;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Result;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Where a job's records come from and where they go. */
public final class KafkaEnds {
    private final KafkaSettings settings;

    public KafkaEnds(KafkaSettings settings) {
        this.settings = settings;
    }

    /** @param type how Flink moves input records between tasks */
    public Source<InputRecord, ?, ?> source(TypeInformation<InputRecord> type) {
        Properties properties = new Properties();
        // an upstream job that writes exactly once is seen exactly once
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.putAll(settings.clientProperties());
        KafkaSourceBuilder<InputRecord> builder = KafkaSource.<InputRecord>builder()
                .setBootstrapServers(settings.bootstrap())
                .setTopics(settings.in())
                .setGroupId(settings.group())
                .setStartingOffsets(startingOffsets())
                .setDeserializer(new InputRecordDeserializer(type))
                .setProperties(properties);
        if (settings.bounded()) {
            builder.setBounded(OffsetsInitializer.latest());
        }
        GroupOffsets committed =
                new GroupOffsets(settings.bootstrap(), settings.in(), settings.group(), settings.clientProperties());
        return settings.skipDeleted()
                ? builder.build()
                : new GapRefusingSource<>(
                        builder.build(),
                        committed,
                        "start with --skip-deleted to go on at the oldest"
                                + " record that is left (the texts of sessions then have a hole)");
    }

    private OffsetsInitializer startingOffsets() {
        OffsetsInitializer start = where();
        return settings.skipDeleted() ? start : new SettledStart(start);
    }

    private OffsetsInitializer where() {
        return switch (settings.start()) {
            case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
            case ANSWERED -> new AnsweredOffsets(settings);
            case EARLIEST -> OffsetsInitializer.earliest();
            case LATEST -> OffsetsInitializer.latest();
        };
    }

    /** Scores, each exactly once, visible to {@code read_committed} consumers after the checkpoint that covers them. */
    public ExactlyOnceSink<Result> scores(ScoreEncoder encoder) {
        return sink("scores", new ScoreSerializer(settings.out(), encoder));
    }

    /** Dead letters, each exactly once. */
    public ExactlyOnceSink<DeadLetter> deadLetters(String topic) {
        return sink("dead-letters", new DeadLetterSerializer(topic));
    }

    /** Alerts, each exactly once. */
    public ExactlyOnceSink<Result> alerts(String topic, ScoreEncoder encoder) {
        return sink("alerts", new ScoreSerializer(topic, encoder));
    }

    private <T> ExactlyOnceSink<T> sink(String purpose, ToTopic<T> serializer) {
        return new ExactlyOnceSink<>(SinkName.of(settings, purpose), serializer, producerProperties(settings));
    }

    /** What the producers are told but for sizes; in the end what the user says. */
    static Properties producerProperties(KafkaSettings settings) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(settings.transactionTimeoutMillis()));
        properties.putAll(settings.clientProperties());
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
        return properties;
    }
}
