package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import io.bytelm.job.check.CheckLine;
import io.bytelm.job.check.CheckLine.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
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

/** A broker that denies one right after another. */
class AccessCheckIT {
    @TempDir
    private static Path directory;

    private static EmbeddedKafka broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = EmbeddedKafka.start(
                directory.resolve("guarded"),
                0,
                Map.of(
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found", "true"));
        for (String topic : List.of("in", "secret-in", "out", "closed-out", "rejected")) {
            TopicOnBroker.create(broker.bootstrap(), topic, 1, Map.of());
        }
        deny(ResourceType.TOPIC, "secret-in", PatternType.LITERAL, AclOperation.READ);
        deny(ResourceType.TOPIC, "closed-out", PatternType.LITERAL, AclOperation.WRITE);
        deny(ResourceType.GROUP, "closed-group", PatternType.LITERAL, AclOperation.ALL);
        deny(ResourceType.TRANSACTIONAL_ID, "closed-", PatternType.PREFIXED, AclOperation.WRITE);
    }

    @AfterAll
    static void stopBroker() throws IOException {
        broker.close();
    }

    private static void deny(ResourceType type, String name, PatternType pattern, AclOperation operation)
            throws Exception {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.bootstrap());
        AclBinding binding = new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.DENY));
        AclBinding others = new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW));
        try (Admin admin = Admin.create(properties)) {
            admin.createAcls(List.of(binding, others)).all().get();
        }
    }

    private static AccessCheck check(String in, String out, String group) {
        return new AccessCheck(new KafkaSettings(
                broker.bootstrap(),
                in,
                out,
                "rejected",
                group,
                KafkaSettings.Start.EARLIEST,
                false,
                false,
                600_000,
                Map.of()));
    }

    @Test
    void whoeverMayDoAllIsToldSoLineByLine() {
        AccessCheck check = check("in", "out", "group");

        check.require();
        assertThat(check.lines())
                .extracting(CheckLine::what)
                .containsExactly(
                        "topic 'in'",
                        "topic 'out'",
                        "topic 'rejected'",
                        "group 'group'",
                        "transactional ids 'group:in:out:scores-...'",
                        "transactional ids 'group:in:out:dead-letters-...'");
        assertThat(check.lines()).extracting(CheckLine::verdict).containsOnly(Verdict.OK);
    }

    @Test
    void aMissingRightIsNamedWithTheCommandThatGrantsIt() {
        assertThatThrownBy(() -> check("secret-in", "out", "group").require())
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "the broker at " + broker.bootstrap() + " does not allow Read and Describe on topic 'secret-in'"
                                + " to this client; grant them: kafka-acls.sh --bootstrap-server " + broker.bootstrap()
                                + " --add --allow-principal User:NAME --operation Read --operation Describe --topic secret-in");
        assertThatThrownBy(() -> check("in", "closed-out", "group").require())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("does not allow Write and Describe on topic 'closed-out'")
                .hasMessageEndingWith("--operation Write --operation Describe --topic closed-out");
    }

    @Test
    void theGroupAndItsTransactionalIdsHaveRightsOfTheirOwn() {
        assertThat(check("in", "out", "closed-group").lines())
                .filteredOn(CheckLine::isFinding)
                .extracting(CheckLine::text)
                .hasSize(3)
                .anySatisfy(text -> assertThat(text).endsWith("--operation Describe --group closed-group"))
                .anySatisfy(text -> assertThat(text)
                        .contains("on transactional ids 'closed-group:in:out:scores-...'")
                        .endsWith("--transactional-id closed-group --resource-pattern-type prefixed"));
    }
}
