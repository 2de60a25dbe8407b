package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two brokers: one with ordinary settings, one that allows long transactions and tells not everybody everything. */
class LimitsCheckIT {
    private static final String EVERYBODY = "User:*";

    @TempDir
    private static Path directory;

    private static EmbeddedKafka ordinary;
    private static EmbeddedKafka guarded;

    @BeforeAll
    static void startBrokers() throws IOException {
        ordinary = EmbeddedKafka.start(directory.resolve("ordinary"));
        guarded = EmbeddedKafka.start(
                directory.resolve("guarded"),
                0,
                Map.of(
                        "transaction.max.timeout.ms", "7200000",
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found", "true"));
    }

    @AfterAll
    static void stopBrokers() {
        ordinary.close();
        guarded.close();
    }

    @Test
    void ordinaryLimitsAreFine() throws Exception {
        TopicOnBroker topic = TopicOnBroker.create(ordinary.bootstrap(), "fine", 1, Map.of());

        assertThatCode(() -> check(topic, 600_000, Map.of())).doesNotThrowAnyException();
    }

    @Test
    void aTopicThatTakesNothingOfUseIsNamedWithItsLimit() throws Exception {
        TopicOnBroker topic = TopicOnBroker.create(ordinary.bootstrap(), "tiny", 1, Map.of("max.message.bytes", "100"));

        assertThatThrownBy(() -> check(topic, 600_000, Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("topic 'tiny' takes records of at most 100 bytes, by max.message.bytes")
                .hasMessageContaining("at least 4096 are needed");
    }

    @Test
    void aProducerThatSendsNothingOfUseIsRefusedToo() throws Exception {
        TopicOnBroker topic = TopicOnBroker.create(ordinary.bootstrap(), "tiny-requests", 1, Map.of());

        assertThatThrownBy(() -> check(topic, 600_000, Map.of("max.request.size", "1000")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("at most 1000 bytes, by max.request.size of the producer");
        assertThatThrownBy(() -> check(topic, 600_000, Map.of("max.request.size", "much")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--kafka: Invalid value much for configuration max.request.size");
    }

    @Test
    void aTransactionMayBeOpenForAsLongAsTheBrokerAllows() throws Exception {
        TopicOnBroker here = TopicOnBroker.create(ordinary.bootstrap(), "short", 1, Map.of());
        TopicOnBroker there = TopicOnBroker.create(guarded.bootstrap(), "long", 1, Map.of());

        assertThatCode(() -> check(here, 900_000, Map.of())).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(here, 3_600_000, Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--transaction-timeout-ms is 3600000")
                .hasMessageContaining("allows 900000 (its transaction.max.timeout.ms)");
        assertThatCode(() -> check(there, 3_600_000, Map.of())).doesNotThrowAnyException();
    }

    @Test
    void aJobThatMayOnlyWriteStartsAndWritesAndNeedsNoRightToRead() throws Exception {
        TopicOnBroker topic = TopicOnBroker.create(guarded.bootstrap(), "write-only", 1, Map.of());
        try (Admin admin = Admin.create(properties())) {
            ResourcePattern name = new ResourcePattern(ResourceType.TOPIC, "write-only", PatternType.LITERAL);
            ResourcePattern ids =
                    new ResourcePattern(ResourceType.TRANSACTIONAL_ID, "write-only", PatternType.PREFIXED);
            ResourcePattern cluster = new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);
            admin.createAcls(List.of(
                            acl(name, AclOperation.WRITE, AclPermissionType.ALLOW),
                            acl(ids, AclOperation.DESCRIBE, AclPermissionType.ALLOW),
                            acl(ids, AclOperation.WRITE, AclPermissionType.ALLOW),
                            acl(cluster, AclOperation.ALL, AclPermissionType.ALLOW),
                            acl(cluster, AclOperation.DESCRIBE_CONFIGS, AclPermissionType.DENY)))
                    .all()
                    .get();
        }

        assertThatCode(() -> check(topic, 3_600_000, Map.of())).doesNotThrowAnyException();
        ExactlyOnceSink<String> sink = new ExactlyOnceSink<>(
                new SinkName("write-only", "unused"),
                new ExactlyOnceSinkIT.Text("write-only"),
                KafkaEnds.producerProperties(settings(topic, 3_600_000, Map.of())));
        try (SinkAttempt<String> attempt = SinkAttempt.start(sink, new AttemptContext(0, 1, 0, 0))) {
            attempt.write("written");
            attempt.commit(attempt.checkpoint(1));
        }
        assertThat(new BrokerCheck(guarded.bootstrap(), Map.of()).offsets("write-only", OffsetSpec.latest()))
                .allSatisfy((partition, end) -> assertThat(end).isPositive());
    }

    private static AclBinding acl(ResourcePattern resource, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(resource, new AccessControlEntry(EVERYBODY, "*", operation, permission));
    }

    private static Properties properties() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", guarded.bootstrap());
        return properties;
    }

    private static void check(TopicOnBroker out, long transactionMillis, Map<String, String> clientProperties) {
        new LimitsCheck(settings(out, transactionMillis, clientProperties)).require();
    }

    private static KafkaSettings settings(
            TopicOnBroker out, long transactionMillis, Map<String, String> clientProperties) {
        return new KafkaSettings(
                out.bootstrap(),
                "unused",
                out.name(),
                out.name(),
                "group",
                KafkaSettings.Start.EARLIEST,
                false,
                false,
                transactionMillis,
                clientProperties);
    }
}
