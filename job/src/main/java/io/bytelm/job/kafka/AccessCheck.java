package io.bytelm.job.kafka;

import static java.util.Objects.requireNonNull;

import io.bytelm.job.UserException;
import io.bytelm.job.check.CheckLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the broker lets this client do what the job does: read the input topic, write outputs and dead letters, read as
 * its group, and write under its transactional ids. A job without a right would start again and again. Blocks.
 */
public final class AccessCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final KafkaSettings settings;
    private final Properties client = new Properties();

    /** @param settings broker and topics are there, see {@link BrokerCheck} */
    public AccessCheck(KafkaSettings settings) {
        this.settings = settings;
        client.putAll(settings.clientProperties());
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(TIMEOUT.toMillis()));
        client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(TIMEOUT.toMillis()));
    }

    /** A line each of the topics, the group, and the transactional ids. */
    public List<CheckLine> lines() {
        List<CheckLine> lines = new ArrayList<>();
        try (Admin admin = Admin.create(client)) {
            lines.add(topic(admin, settings.in(), AclOperation.READ));
            lines.add(topic(admin, settings.out(), AclOperation.WRITE));
            if (settings.deadLetters() != null) {
                lines.add(topic(admin, settings.deadLetters(), AclOperation.WRITE));
            }
            if (settings.alerts() != null) {
                lines.add(topic(admin, settings.alerts(), AclOperation.WRITE));
            }
            lines.add(group(admin));
        } catch (KafkaException e) {
            lines.add(CheckLine.refused("broker", "cannot ask " + settings.bootstrap() + ": " + e.getMessage()));
        }
        lines.add(transactions("scores"));
        if (settings.deadLetters() != null) {
            lines.add(transactions("dead-letters"));
        }
        if (settings.alerts() != null) {
            lines.add(transactions("alerts"));
        }
        return lines;
    }

    /** @throws UserException if a right is missing; the message is the first finding */
    public void require() {
        for (CheckLine line : lines()) {
            if (line.verdict() == CheckLine.Verdict.REFUSED) {
                throw new UserException(line.text());
            }
        }
    }

    private CheckLine topic(Admin admin, String name, AclOperation wanted) {
        String what = "topic '" + name + "'";
        try {
            Set<AclOperation> allowed = answer(requireNonNull(admin.describeTopics(
                                    List.of(name), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                            .topicNameValues()
                            .get(name)))
                    .authorizedOperations();
            return verdict(what, allowed, wanted, "--topic " + name);
        } catch (AuthorizationException e) {
            return refused(what, wanted, "--topic " + name);
        } catch (KafkaException e) {
            return CheckLine.unseen(what, "the broker does not say what is allowed: " + e.getMessage());
        }
    }

    private CheckLine group(Admin admin) {
        String what = "group '" + settings.group() + "'";
        String where = "--group " + settings.group();
        try {
            Set<AclOperation> allowed = answer(requireNonNull(admin.describeConsumerGroups(
                                    List.of(settings.group()),
                                    new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                            .describedGroups()
                            .get(settings.group())))
                    .authorizedOperations();
            return verdict(what, allowed, AclOperation.READ, where);
        } catch (AuthorizationException e) {
            return refused(what, AclOperation.READ, where);
        } catch (GroupIdNotFoundException e) {
            return CheckLine.ok(what, "may be described, and is new");
        } catch (KafkaException e) {
            return CheckLine.unseen(what, "the broker does not say what is allowed: " + e.getMessage());
        }
    }

    /**
     * Only a producer learns whether it may use a transactional id, so one begins under an id of the job's that no sink uses,
     * and writes nothing. The broker forgets the id as it does any other.
     */
    private CheckLine transactions(String purpose) {
        String prefix = SinkName.of(settings, purpose).name();
        String what = "transactional ids '" + prefix + "-...'";
        Properties producer = KafkaEnds.producerProperties(settings);
        producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, prefix + "-check");
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(TIMEOUT.toMillis()));
        try (KafkaProducer<byte[], byte[]> asking = new KafkaProducer<>(producer)) {
            asking.initTransactions();
            return CheckLine.ok(what, "may be used");
        } catch (TransactionalIdAuthorizationException e) {
            return refused(
                    what,
                    AclOperation.WRITE,
                    "--transactional-id " + settings.group() + " --resource-pattern-type prefixed");
        } catch (KafkaException e) {
            return CheckLine.unseen(what, "the broker does not begin a transaction: " + e.getMessage());
        }
    }

    private CheckLine verdict(
            String what, @Nullable Collection<AclOperation> allowed, AclOperation wanted, String where) {
        if (allowed == null) {
            return CheckLine.unseen(what, "the broker does not say what is allowed");
        }
        return allowed.containsAll(EnumSet.of(wanted, AclOperation.DESCRIBE))
                ? CheckLine.ok(what, wanted.name().toLowerCase(Locale.ROOT) + " and describe are allowed")
                : refused(what, wanted, where);
    }

    private CheckLine refused(String what, AclOperation wanted, String where) {
        String right = wanted == AclOperation.READ ? "Read" : "Write";
        return CheckLine.refused(
                what,
                "the broker at " + settings.bootstrap() + " does not allow " + right + " and Describe on " + what
                        + " to this client; grant them: kafka-acls.sh --bootstrap-server " + settings.bootstrap()
                        + " --add --allow-principal User:NAME --operation " + right + " --operation Describe " + where);
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted while asking the broker what is allowed", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException reason) {
                throw reason;
            }
            throw new KafkaException(e.getCause());
        }
    }
}
