package io.bytelm.job.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.wire.DeadLetterHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Speaks for many sessions at the same time and compares what comes back, in a thread of its own, always some records ahead
 * of the answers: the job has a backlog, and what is under way is bounded.
 */
final class SessionTraffic implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration AFTER_THE_LAST = Duration.ofSeconds(2);
    private static final Duration DRAIN = Duration.ofSeconds(300);
    private static final Duration FINISH = Duration.ofSeconds(600);
    private static final int ACTIVE_SESSIONS = 200;

    private final String topic;
    private final IntFunction<ChaosSession> sessions;
    private final ScoreVerifier verifier;
    private final int ahead;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Random order;
    private final List<Speaker> active = new ArrayList<>();
    private final AtomicReference<@Nullable Exception> sendFailure = new AtomicReference<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean finishing;
    private volatile int started;
    private long awaitedScores;

    private static final class Speaker {
        private final ChaosSession session;
        private int spoken;

        Speaker(ChaosSession session) {
            this.session = session;
        }
    }

    /** @param ahead how many scores may be missing before it waits */
    SessionTraffic(
            String bootstrap, String topic, int ahead, IntFunction<ChaosSession> sessions, ScoreVerifier verifier) {
        this.topic = topic;
        this.ahead = ahead;
        this.sessions = sessions;
        this.verifier = verifier;
        this.order = new Random(ahead);
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 300_000, // longer than a broker is away
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, 300_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void start() {
        Thread thread = new Thread(this::run, "traffic-" + topic);
        thread.setDaemon(true);
        thread.start();
    }

    /** How many sessions have begun. */
    int startedSessions() {
        return started;
    }

    /** @throws java.util.concurrent.ExecutionException with the reason, if the thread has given up */
    void requireAlive() throws Exception {
        if (ended.isCompletedExceptionally()) {
            ended.get();
        }
    }

    /** Begins no more sessions, speaks the others to their ends, and waits for their scores. */
    void finish() throws Exception {
        finishing = true;
        ended.get(FINISH.toSeconds(), TimeUnit.SECONDS);
    }

    private void run() {
        try {
            while (!finishing || !active.isEmpty()) {
                speak();
                verifier.readOn(POLL);
            }
            producer.flush();
            drain();
            verifier.requireComplete(started);
            ended.complete(null);
        } catch (IOException | RuntimeException e) {
            ended.completeExceptionally(e);
        } finally {
            verifier.close();
        }
    }

    private void drain() throws IOException {
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while (verifier.records() < awaitedScores && System.nanoTime() < deadline) {
            verifier.readOn(POLL);
        }
        verifier.readOn(AFTER_THE_LAST); // whatever comes now is a duplicate
    }

    private void speak() {
        while (awaitedScores - verifier.records() < ahead) {
            while (!finishing && active.size() < ACTIVE_SESSIONS) {
                active.add(new Speaker(sessions.apply(started++)));
            }
            if (active.isEmpty()) {
                return;
            }
            int which = order.nextInt(active.size());
            Speaker speaker = active.get(which);
            send(speaker.session.name(), speaker.session.words().get(speaker.spoken++));
            if (speaker.spoken == speaker.session.words().size()) {
                active.set(which, active.get(active.size() - 1));
                active.remove(active.size() - 1);
            }
        }
        Exception failure = sendFailure.get();
        if (failure != null) {
            throw new IllegalStateException("a record could not be sent to " + topic, failure);
        }
    }

    private void send(String session, ChaosSession.Word word) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, session.getBytes(UTF_8), word.value());
        if (word.op() != null) {
            record.headers().add(DeadLetterHeaders.OP, word.op().getBytes(UTF_8));
        }
        producer.send(record, (metadata, failure) -> sendFailure.compareAndSet(null, failure));
        awaitedScores += word.isScored() ? 1 : 0;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
