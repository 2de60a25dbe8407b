package io.bytelm.job.kafka;

import static java.util.Objects.requireNonNull;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares a job's settings with what broker and topics allow, before the job starts and would fail again and again. */
public final class LimitsCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LimitsCheck.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String LONGEST_TRANSACTION = "transaction.max.timeout.ms";
    private static final long LONGEST_TRANSACTION_BY_DEFAULT_MILLIS = 15 * 60 * 1000L;

    private final KafkaSettings settings;
    private final Properties producer;

    /** @param settings broker and topics are there, see {@link BrokerCheck} */
    public LimitsCheck(KafkaSettings settings) {
        this.settings = settings;
        this.producer = KafkaEnds.producerProperties(settings);
    }

    /** @throws UserException if a topic takes no records that are of use, or the broker no transactions that are so long */
    public void require() {
        requireNumbers();
        Properties asking = new Properties();
        asking.putAll(producer);
        String millis = Long.toString(TIMEOUT.toMillis());
        asking.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        asking.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        requireRoom(asking, settings.out());
        if (settings.deadLetters() != null) {
            requireRoom(asking, settings.deadLetters());
        }
        if (settings.alerts() != null) {
            requireRoom(asking, settings.alerts());
        }
        requireTransactionsOfSuchLength(asking);
    }

    private void requireNumbers() {
        try {
            ProducerConfig.configDef().parse(producer);
        } catch (ConfigException e) {
            throw new UserException("--kafka: " + e.getMessage(), e);
        }
    }

    private void requireRoom(Properties asking, String name) {
        try {
            TopicLimit topic = TopicLimit.ask(asking, name);
            String complaint =
                    WriteLimit.of(WriteLimit.sized(producer, topic), topic).complaint();
            if (complaint != null) {
                throw new UserException(complaint);
            }
        } catch (IOException e) {
            throw new UserException(e.getMessage() + " (broker " + settings.bootstrap() + ")", e);
        }
    }

    private void requireTransactionsOfSuchLength(Properties asking) {
        long wanted = Long.parseLong(producer.getProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
        Optional<Long> allowed = longestTransactionMillis(asking);
        if (allowed.isEmpty() && wanted > LONGEST_TRANSACTION_BY_DEFAULT_MILLIS) {
            LOG.warn(
                    "The broker at {} does not say how long a transaction may be open; if its {} is less than the {} ms of"
                            + " --transaction-timeout-ms, the job will fail when it starts to write",
                    settings.bootstrap(),
                    LONGEST_TRANSACTION,
                    wanted);
        }
        if (allowed.isPresent() && wanted > allowed.get()) {
            throw new UserException("--transaction-timeout-ms is " + wanted + ", the broker at " + settings.bootstrap()
                    + " allows " + allowed.get() + " (its " + LONGEST_TRANSACTION
                    + "); lower the one, or raise the other on all brokers");
        }
    }

    /** Empty if this client may not see the broker's settings. */
    private static Optional<Long> longestTransactionMillis(Properties asking) {
        try (Admin admin = Admin.create(asking)) {
            Node anyBroker = admin.describeCluster().nodes().get().iterator().next();
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, anyBroker.idString());
            Config config = requireNonNull(
                    admin.describeConfigs(List.of(broker)).all().get().get(broker));
            ConfigEntry longest = config.get(LONGEST_TRANSACTION);
            return longest == null || longest.value() == null
                    ? Optional.empty()
                    : Optional.of(Long.valueOf(longest.value()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted while asking the broker for its limits", e);
        } catch (ExecutionException | KafkaException e) {
            LOG.info("The broker does not say its {}", LONGEST_TRANSACTION, e);
            return Optional.empty();
        }
    }
}
