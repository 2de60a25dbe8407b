package io.bytelm.job.cluster;

import io.bytelm.job.FreePorts;
import io.bytelm.job.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A Kafka broker as a process, which starts again on what it had written. */
final class BrokerProcess implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 384;

    private final Installation installation;
    private final Path serverProperties;
    private final String bootstrap;
    private ClusterProcess process;
    private int starts;

    BrokerProcess(Installation installation) throws IOException {
        this.installation = installation;
        int port = FreePorts.next();
        this.bootstrap = "localhost:" + port;
        // a killed broker may register again at once, and not only when its old session has run out
        Map<String, String> quickReturn =
                Map.of("broker.session.timeout.ms", "2000", "broker.heartbeat.interval.ms", "500");
        this.serverProperties =
                EmbeddedKafka.format(installation.directory("kafka"), port, FreePorts.next(), quickReturn);
        this.process = launch();
    }

    String bootstrap() {
        return bootstrap;
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    void startAgain() throws IOException {
        process.close();
        process = launch();
    }

    private ClusterProcess launch() throws IOException {
        starts++;
        return installation.startKafka("broker-" + starts, HEAP_MEGABYTES, "kafka.Kafka", serverProperties.toString());
    }

    @Override
    public void close() {
        process.close();
    }
}
