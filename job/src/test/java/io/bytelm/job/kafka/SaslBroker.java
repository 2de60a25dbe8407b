package io.bytelm.job.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker where everybody logs in with a password, and may do only what was granted; user {@code admin} may do all. */
public final class SaslBroker implements AutoCloseable {
    private static final String ADMIN = "admin";
    private static final String ADMIN_PASSWORD = "admin-secret";

    private final EmbeddedKafka broker;

    /** @param passwords by user */
    public static SaslBroker start(Path directory, Map<String, String> passwords) throws IOException {
        StringBuilder users = new StringBuilder(login(ADMIN, ADMIN_PASSWORD).replace(";", ""));
        users.append(" user_admin=\"" + ADMIN_PASSWORD + "\"");
        passwords.forEach((user, password) -> users.append(" user_" + user + "=\"" + password + "\""));
        return new SaslBroker(EmbeddedKafka.start(
                directory,
                0,
                Map.of(
                        "listener.security.protocol.map",
                        "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "sasl.mechanism.inter.broker.protocol",
                        "PLAIN",
                        "listener.name.clients.plain.sasl.jaas.config",
                        users + ";",
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users",
                        "User:admin;User:ANONYMOUS"))); // the controller's own port has no login
    }

    private SaslBroker(EmbeddedKafka broker) {
        this.broker = broker;
    }

    public String bootstrap() {
        return broker.bootstrap();
    }

    /** As Kafka's documentation has it. */
    public static String login(String user, String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    /** The settings with which a user's clients log in. */
    public static Map<String, String> clientProperties(String user, String password) {
        return Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", login(user, password));
    }

    private Map<String, Object> admin() {
        Map<String, Object> properties = new HashMap<>(clientProperties(ADMIN, ADMIN_PASSWORD));
        properties.put("bootstrap.servers", bootstrap());
        return properties;
    }

    public void createTopics(Collection<String> names) throws Exception {
        try (Admin admin = Admin.create(admin())) {
            admin.createTopics(names.stream()
                            .map(name -> new NewTopic(name, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
    }

    /** @param rights {@code RESOURCE LITERAL|PREFIXED NAME OPERATION} */
    public void grant(String user, List<String> rights) throws Exception {
        try (Admin admin = Admin.create(admin())) {
            admin.createAcls(rights.stream()
                            .map(right -> binding(user, right.split(" ")))
                            .toList())
                    .all()
                    .get();
        }
    }

    private static AclBinding binding(String user, String[] right) {
        return new AclBinding(
                new ResourcePattern(ResourceType.valueOf(right[0]), right[2], PatternType.valueOf(right[1])),
                new AccessControlEntry("User:" + user, "*", AclOperation.valueOf(right[3]), AclPermissionType.ALLOW));
    }

    /** Returns when it is written. */
    public void write(String topic, byte[] key, byte[] value, Map<String, String> headers) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(admin(), new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
            headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
            producer.send(record);
        }
    }

    /** What is committed in the only partition of a topic. */
    public int committed(String topic) {
        Map<String, Object> properties = admin();
        properties.put("isolation.level", "read_committed");
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
            List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            }
            return read.size();
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
