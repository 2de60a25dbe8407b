package io.bytelm.job.kafka;

import io.bytelm.job.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka broker in this JVM: one node that is its own KRaft controller, listening on localhost. For the demo and
 * for tests; a broker for work runs elsewhere.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final String CLUSTER_ID = "Ynl0ZWxtLWRlbW8tMDAwMQ"; // 16 bytes in Kafka's base64

    private final String bootstrap;
    private final KafkaRaftServer server;

    private EmbeddedKafka(String bootstrap, KafkaRaftServer server) {
        this.bootstrap = bootstrap;
        this.server = server;
    }

    /** Starts on any free port, see {@link #start(Path, int)}. */
    public static EmbeddedKafka start(Path directory) throws IOException {
        return start(directory, 0);
    }

    /**
     * Formats the directory and starts a broker on it; returns when it takes requests.
     *
     * @param directory new or empty; the caller deletes it after {@link #close}
     * @param port where clients connect; 0 for any free one
     * @throws UserException if the port is taken
     */
    public static EmbeddedKafka start(Path directory, int port) throws IOException {
        return start(directory, port, Map.of());
    }

    /**
     * The same with settings of the broker.
     *
     * @param more win over ours
     */
    static EmbeddedKafka start(Path directory, int port, Map<String, String> more) throws IOException {
        int controllerPort;
        int brokerPort;
        try (ServerSocket broker = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                ServerSocket controller = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            brokerPort = broker.getLocalPort(); // both are held here, so the ports differ
            controllerPort = controller.getLocalPort();
        } catch (BindException e) {
            throw new UserException("port " + port + " is taken; choose another one, or 0 for any free port", e);
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(format(directory, brokerPort, controllerPort, more))) {
            properties.load(in);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka("localhost:" + brokerPort, server);
    }

    /** {@code host:port} for clients. */
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@localhost:" + controllerPort,
                "listeners", "CLIENTS://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
                "advertised.listeners", "CLIENTS://localhost:" + port,
                "inter.broker.listener.name", "CLIENTS",
                "controller.listener.names", "CONTROLLER",
                "listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs", directory.resolve("data").toString()));
        properties.put("auto.create.topics.enable", "false"); // a mistyped topic is an error, not a new topic
        properties.put("group.initial.rebalance.delay.ms", "0");
        for (String internal :
                new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            properties.put(internal + ".num.partitions", "1");
            properties.put(internal + ".replication.factor", "1");
        }
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        return properties;
    }

    /**
     * Formats a directory for such a broker, which can then also run in a process of its own: {@code kafka.Kafka} with
     * the file that is returned.
     *
     * @param directory new or empty
     * @param more settings of the broker; they win over ours
     * @return the broker's settings
     */
    public static Path format(Path directory, int port, int controllerPort, Map<String, String> more)
            throws IOException {
        Properties properties = properties(directory, port, controllerPort);
        properties.putAll(more);
        Files.createDirectories(directory);
        Path file = directory.resolve("server.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String[] arguments = {"format", "--cluster-id", CLUSTER_ID, "--config", file.toString()};
        int exitCode = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (exitCode != 0) {
            throw new IOException("Kafka cannot format " + directory + ": " + said.toString(StandardCharsets.UTF_8));
        }
        return file;
    }
}
