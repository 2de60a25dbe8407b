package io.bytelm.job.kafka;

import static java.util.Objects.requireNonNull;
import static org.apache.kafka.common.config.TopicConfig.COMPRESSION_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_BYTES_CONFIG;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a topic takes.
 *
 * @param maxBatchBytes the largest batch as it is sent, compressed or not; a record alone is a batch
 * @param compressesAnew whether the broker compresses what it gets, after which a batch must be no larger either
 * @param partitions how many it has
 */
record TopicLimit(String topic, int maxBatchBytes, boolean compressesAnew, int partitions) {
    private static final Logger LOG = LoggerFactory.getLogger(TopicLimit.class);

    /** What Kafka allows unless somebody says otherwise: 1 MiB and a batch's first fields. */
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

    /** A topic that was created a moment ago is not known to every broker yet. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Set<String> LEAVES_BATCHES_ALONE = Set.of("producer", "uncompressed");

    /**
     * Asks a broker. Blocks. The broker's {@code message.max.bytes} counts where the topic has no setting of its own.
     *
     * @param clientProperties of the client that asks
     * @throws IOException if the broker does not answer, or there is no such topic
     */
    static TopicLimit ask(Properties clientProperties, String topic) throws IOException {
        try (Admin admin = Admin.create(clientProperties)) {
            return ask(admin, topic, partitionsOf(admin, topic));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while asking what topic '" + topic + "' takes");
        } catch (ExecutionException e) {
            throw new IOException("Kafka does not say what topic '" + topic + "' takes: " + e.getCause(), e.getCause());
        } catch (KafkaException e) {
            throw new IOException("cannot ask Kafka what topic '" + topic + "' takes: " + e.getMessage(), e);
        }
    }

    private static int partitionsOf(Admin admin, String topic) throws InterruptedException, ExecutionException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                Map<String, TopicDescription> found =
                        admin.describeTopics(List.of(topic)).allTopicNames().get();
                return requireNonNull(found.get(topic)).partitions().size();
            } catch (ExecutionException e) {
                boolean patient = System.nanoTime() < deadlineNanos;
                if (!patient || !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    private static TopicLimit ask(Admin admin, String topic, int partitions)
            throws InterruptedException, ExecutionException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Map<ConfigResource, Config> configs =
                    admin.describeConfigs(List.of(resource)).all().get();
            return of(topic, requireNonNull(configs.get(resource)), partitions);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            LOG.warn(
                    "Kafka does not say how large a record topic '{}' takes: {}. Records up to Kafka's default of {} bytes"
                            + " are written whole; with the right DescribeConfigs on the topic its own limit is used.",
                    topic,
                    e.getCause().getMessage(),
                    DEFAULT_MAX_MESSAGE_BYTES);
            return new TopicLimit(topic, DEFAULT_MAX_MESSAGE_BYTES, false, partitions);
        }
    }

    private static TopicLimit of(String topic, Config config, int partitions) {
        int bytes = Math.min(
                Integer.parseInt(valueOf(config, MAX_MESSAGE_BYTES_CONFIG, String.valueOf(DEFAULT_MAX_MESSAGE_BYTES))),
                Integer.parseInt(valueOf(config, SEGMENT_BYTES_CONFIG, String.valueOf(Integer.MAX_VALUE))));
        boolean anew = !LEAVES_BATCHES_ALONE.contains(valueOf(config, COMPRESSION_TYPE_CONFIG, "producer"));
        return new TopicLimit(topic, bytes, anew, partitions);
    }

    private static String valueOf(Config config, String name, String otherwise) {
        return config.get(name) == null || config.get(name).value() == null
                ? otherwise
                : config.get(name).value();
    }
}
