package io.bytelm.job.kafka;

import io.bytelm.job.UserException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the broker before a job starts; a job would wait for a missing broker for minutes. */
public final class BrokerCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** What a broker answers where no record is as late. */
    private static final long NO_OFFSET = -1;

    private final String bootstrap;
    private final Map<String, String> clientProperties;
    private final Map<String, Object> properties;
    private final SecurityCheck security;

    /** @param clientProperties settings of all Kafka clients, for instance security */
    public BrokerCheck(String bootstrap, Map<String, String> clientProperties) {
        this.bootstrap = bootstrap;
        this.clientProperties = clientProperties;
        this.security = new SecurityCheck(bootstrap, clientProperties);
        this.properties = new HashMap<>(clientProperties);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(TIMEOUT.toMillis()));
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(TIMEOUT.toMillis()));
    }

    /**
     * @throws UserException if the clients' settings cannot be used with this broker, it does not answer within 5 s, or one of
     *     the topics is not there
     */
    public void requireTopics(List<String> topics) {
        requireUsableSettings();
        try (Admin admin = connect()) {
            List<String> missing = missing(admin, topics);
            if (!missing.isEmpty()) {
                String topic = missing.get(0);
                throw new UserException("the broker at " + bootstrap + " has no topic "
                        + String.join(", ", quoted(missing)) + "; create it with --create-topics, or with"
                        + " kafka-topics.sh --bootstrap-server " + bootstrap + " --create --topic " + topic);
            }
        }
    }

    /**
     * Those of these topics that the broker does not have.
     *
     * @throws UserException if the broker does not answer within 5 s
     */
    public List<String> missingTopics(List<String> topics) {
        try (Admin admin = connect()) {
            return missing(admin, topics);
        }
    }

    /**
     * Creates those topics that are missing.
     *
     * @param partitions of each new topic; empty for the broker's default
     * @throws UserException if the clients' settings cannot be used with this broker, it does not answer within 5 s, or
     *     refuses
     */
    public void createMissingTopics(List<String> topics, Optional<Integer> partitions) {
        requireUsableSettings();
        try (Admin admin = connect()) {
            for (String topic : missing(admin, topics)) {
                NewTopic wanted = new NewTopic(topic, partitions, Optional.empty());
                try {
                    answer(admin.createTopics(List.of(wanted)).all());
                } catch (TopicExistsException e) {
                    continue; // somebody else was faster
                }
            }
            awaitTopics(admin, topics);
        }
    }

    /** A broker says that a topic is created a little before it tells of it itself. */
    private void awaitTopics(Admin admin, List<String> topics) {
        long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
        while (!missing(admin, topics).isEmpty()
                && System.nanoTime() - deadlineNanos < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /**
     * An offset of each partition of a topic.
     *
     * @param wanted a time after the last record stands for the partition's end
     * @throws UserException if the broker does not answer within 5 s, or refuses
     */
    Map<TopicPartition, Long> offsets(String topic, OffsetSpec wanted) {
        try (Admin admin = connect()) {
            List<TopicPartition> partitions =
                    answer(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                            .flatMap(description -> description.partitions().stream())
                            .map(partition -> new TopicPartition(topic, partition.partition()))
                            .toList();
            Map<TopicPartition, Long> offsets = offsets(admin, partitions, wanted);
            List<TopicPartition> ended = partitions.stream()
                    .filter(partition -> offsets.getOrDefault(partition, NO_OFFSET) == NO_OFFSET)
                    .toList();
            if (!ended.isEmpty()) {
                offsets.putAll(offsets(admin, ended, OffsetSpec.latest()));
            }
            return offsets;
        }
    }

    /**
     * How far a group has come in a topic.
     *
     * @return the next offset of each partition of which it has read something; empty if the group is new, or if the
     *     broker does not let us know
     * @throws UserException if the broker does not answer within 5 s
     */
    public Map<TopicPartition, Long> committedOffsets(String group, String topic) {
        try (Admin admin = connect()) {
            return committedOffsets(admin, group, topic);
        }
    }

    /**
     * Whether somebody commits offsets of a topic for a group at this moment. Waits for it, unless the group is new.
     *
     * @param look for how long
     * @throws UserException if the broker does not answer within 5 s
     */
    public boolean isBeingRead(String topic, String group, Duration look) throws InterruptedException {
        try (Admin admin = connect()) {
            Map<TopicPartition, Long> first = committedOffsets(admin, group, topic);
            long deadlineNanos = System.nanoTime() + look.toNanos();
            while (!first.isEmpty() && System.nanoTime() < deadlineNanos) {
                Thread.sleep(PAUSE.toMillis());
                if (!committedOffsets(admin, group, topic).equals(first)) {
                    return true;
                }
            }
            return false;
        }
    }

    private Map<TopicPartition, Long> committedOffsets(Admin admin, String group, String topic) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        try {
            answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, next) -> {
                        if (partition.topic().equals(topic) && next != null && next.offset() > 0) {
                            committed.put(partition, next.offset());
                        }
                    });
        } catch (GroupAuthorizationException | GroupIdNotFoundException notForUs) {
            return Map.of();
        }
        return committed;
    }

    private Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec wanted) {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> wanted));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answer(admin.listOffsets(asked).all()).forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private List<String> missing(Admin admin, List<String> topics) {
        Set<String> missing = new HashSet<>();
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin.describeTopics(topics).topicNameValues();
        answers.forEach((topic, description) -> {
            try {
                answer(description);
            } catch (UnknownTopicOrPartitionException e) {
                missing.add(topic);
            } catch (InvalidTopicException e) {
                throw new UserException("'" + topic + "' is not a name for a Kafka topic: " + e.getMessage(), e);
            }
        });
        return topics.stream().filter(missing::contains).toList();
    }

    private void requireUsableSettings() {
        ClientSettings.requireUsable(clientProperties);
        security.requireNoTlsForPlainClients();
    }

    private Admin connect() {
        try {
            return Admin.create(properties);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UserException("cannot use the broker '" + bootstrap + "': " + cause.getMessage(), e);
        }
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted while waiting for the broker at " + bootstrap, e);
        } catch (ExecutionException e) {
            throw meaningOf(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private RuntimeException meaningOf(Throwable failure) {
        if (failure instanceof TimeoutException || failure instanceof SslAuthenticationException) {
            Optional<String> complaint = security.complaint();
            if (complaint.isPresent()) {
                return new UserException(complaint.get(), failure);
            }
        }
        if (failure instanceof TimeoutException) {
            return new UserException(
                    "no Kafka broker answers at " + bootstrap + " within " + TIMEOUT.toSeconds()
                            + " s; is it running, and is the address one that it advertises?",
                    failure);
        }
        if (failure instanceof UnknownTopicOrPartitionException
                || failure instanceof InvalidTopicException
                || failure instanceof TopicExistsException
                || failure instanceof GroupAuthorizationException
                || failure instanceof GroupIdNotFoundException) {
            return (RuntimeException) failure;
        }
        return new UserException("the broker at " + bootstrap + " refuses: " + withReason(failure), failure);
    }

    /** Kafka says "SSL handshake failed", and only the exception below it why. */
    private static String withReason(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof SslAuthenticationException && cause != null
                ? failure.getMessage() + ": " + cause.getMessage()
                : String.valueOf(failure.getMessage());
    }

    private static List<String> quoted(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").toList();
    }
}
