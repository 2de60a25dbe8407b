package io.bytelm.job.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.hostile.HostileRecord;
import io.bytelm.record.hostile.HostileRecords;
import io.bytelm.record.wire.DeadLetterHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends what nobody should send to the topics of all jobs, beside the sessions whose scores are compared, a few records a
 * second in a thread of its own. The broker may refuse some; whatever it takes, the jobs must withstand.
 */
final class HostileTraffic implements AutoCloseable {
    private static final String SESSIONS = "stranger-";
    private static final long PAUSE_MILLIS = 200;
    private static final int LARGEST_REQUEST_BYTES = 4 << 20;

    private final List<String> topics;
    private final HostileRecords records;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Thread thread = new Thread(this::run, "hostile-traffic");
    private volatile boolean ended;

    HostileTraffic(String bootstrap, List<String> topics, long seed) {
        this.topics = topics;
        this.records = new HostileRecords(seed, SESSIONS);
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        LARGEST_REQUEST_BYTES,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "zstd", // so that more fits than the topic's limit
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        300_000,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        300_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        thread.setDaemon(true);
    }

    /** Whether a session is one of these, and not one whose scores are compared. */
    static boolean speaksFor(byte @Nullable [] session) {
        return session == null || !new String(session, UTF_8).startsWith(ChaosSession.NAME);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!ended) {
            for (String topic : topics) {
                send(topic, records.next());
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send(String topic, HostileRecord record) {
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(topic, record.key(), record.value());
        if (record.op() != null) {
            sent.headers().add(DeadLetterHeaders.OP, record.op().getBytes(UTF_8));
        }
        if (record.sequence() != null) {
            sent.headers().add(DeadLetterHeaders.SEQUENCE, record.sequence().getBytes(UTF_8));
        }
        producer.send(sent, (metadata, failure) -> (failure == null ? taken : refused).incrementAndGet());
    }

    /** Sends no more. */
    void finish() throws InterruptedException {
        ended = true;
        thread.join();
        producer.flush();
    }

    /** How many records the broker has taken. */
    long taken() {
        return taken.get();
    }

    /** How many records the broker has refused, as too large. */
    long refused() {
        return refused.get();
    }

    @Override
    public void close() {
        ended = true;
        thread.interrupt();
        producer.close(Duration.ZERO);
    }
}
